// The client against a real TLS server whose certificate is made for the test.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <future>
#include <thread>

#include "base/file.h"
#include "net/http_client.h"

namespace doorbuster::net {
namespace {

namespace fs = std::filesystem;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

struct Identity {
  std::string certificate;
  std::string key;
};

// A certificate that signs itself, good for one name.
Identity make_identity(const char* alternative_name) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name);
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key.get(), EVP_sha256());

  const std::unique_ptr<BIO, Free> certificate_text(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, Free> key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

// Answers one connection with 200, if the peer trusts it.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity) : context_(SSL_CTX_new(TLS_server_method())) {
    const std::unique_ptr<BIO, Free> certificate_text(BIO_new_mem_buf(identity.certificate.data(), -1));
    const std::unique_ptr<BIO, Free> key_text(BIO_new_mem_buf(identity.key.data(), -1));
    const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_PKEY, Free> key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
    listener_.reset(BIO_new_accept("127.0.0.1:0"));
    EXPECT_EQ(BIO_do_accept(listener_.get()), 1);  // the first call only binds
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() { thread_.join(); }
  [[nodiscard]] std::string url() const {
    return "https://127.0.0.1:" + std::string(BIO_get_accept_port(listener_.get())) + "/";
  }

 private:
  void serve() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // a peer that leaves in the middle is part of the test
    if (BIO_do_accept(listener_.get()) != 1) return;
    const std::unique_ptr<SSL, Free> tls(SSL_new(context_.get()));
    BIO* const connection = BIO_pop(listener_.get());
    SSL_set_bio(tls.get(), connection, connection);
    if (SSL_accept(tls.get()) != 1) return;
    std::array<char, 4'096> request;
    if (SSL_read(tls.get(), request.data(), int{request.size()}) <= 0) return;
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsafe";
    SSL_write(tls.get(), kAnswer.data(), int{kAnswer.size()});
    SSL_shutdown(tls.get());
  }

  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<BIO, Free> listener_;
  std::thread thread_;
};

HttpReply get(const std::string& url, const std::string& ca_file) {
  HttpClient client({.ca_file = ca_file});
  std::promise<HttpReply> promise;
  EXPECT_TRUE(
      client.send({.method = "GET", .url = url}, [&](HttpReply reply) { promise.set_value(std::move(reply)); }));
  return promise.get_future().get();
}

class HttpClientTlsTest : public ::testing::Test {
 protected:
  ~HttpClientTlsTest() override { fs::remove(ca_file_); }
  void trust(const Identity& identity) const {
    ASSERT_TRUE(replace_file(ca_file_, identity.certificate, 0600).has_value());
  }

  const fs::path ca_file_ = fs::path(::testing::TempDir()) / ("tls_test-" + std::to_string(::getpid()) + ".pem");
};

TEST_F(HttpClientTlsTest, a_trusted_peer_is_asked) {
  const Identity identity = make_identity("IP:127.0.0.1");
  trust(identity);
  const TlsServer server(identity);
  const HttpReply reply = get(server.url(), ca_file_);
  EXPECT_EQ(reply.outcome, HttpOutcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.body, "safe");
}

TEST_F(HttpClientTlsTest, a_peer_that_nobody_vouches_for_sees_nothing) {
  const TlsServer server(make_identity("IP:127.0.0.1"));
  EXPECT_EQ(get(server.url(), "").outcome, HttpOutcome::kNotSent);
}

TEST_F(HttpClientTlsTest, a_certificate_for_another_name_is_not_enough) {
  const Identity identity = make_identity("DNS:elsewhere.example");
  trust(identity);
  const TlsServer server(identity);
  EXPECT_EQ(get(server.url(), ca_file_).outcome, HttpOutcome::kNotSent);
}

}  // namespace
}  // namespace doorbuster::net
