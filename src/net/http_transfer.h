// One request on its way through libcurl: internal to http_client.cc.
#pragma once

#include <curl/curl.h>

#include <memory>

#include "net/http_client.h"

namespace doorbuster::net {

class HttpTransfer {
 public:
  HttpTransfer(HttpRequest request, HttpClient::Callback callback, const HttpClientOptions& options);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  [[nodiscard]] CURL* handle() const { return handle_.get(); }

  // Calls back with what became of it.
  void finish(CURLcode code);
  // Calls back because the client ends.
  void abandon();

 private:
  struct EasyFree {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct ListFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void add_header(const std::string& line);
  void set_request();
  void set_bounds(const HttpClientOptions& options);
  [[nodiscard]] bool nothing_was_sent(CURLcode code) const;
  static size_t receive(char* data, size_t size, size_t count, void* self);

  HttpRequest request_;
  HttpClient::Callback callback_;
  std::unique_ptr<CURL, EasyFree> handle_;
  std::unique_ptr<curl_slist, ListFree> headers_;
  HttpReply reply_;
  bool too_large_ = false;
};

}  // namespace doorbuster::net
