// Exports whose store fails in the middle, over real sockets.
#include <gmock/gmock.h>
#include <rocksdb/db.h>

#include "links/service_fixture.h"
#include "links/store/rocksdb/keys.h"

namespace doorbuster::links {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class LinkExportTest : public LinksServiceTest {
 protected:
  std::string exported(const std::string& path) {
    net::testing::Client client(server_->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + key_ +
                "\r\n\r\n");
    return client.read_to_end();
  }
  // As a disk might leave it.
  void damage(const std::string& code) {
    stop();
    {
      rocksdb::DB* opened = nullptr;
      ASSERT_TRUE(rocksdb::DB::Open({}, (folder_ / "links").string(), &opened).ok());
      const std::unique_ptr<rocksdb::DB> db(opened);
      ASSERT_TRUE(db->Put({}, rocksdb_keys::key_of(code), "no link").ok());
    }
    start();
  }
};

TEST_F(LinkExportTest, does_not_look_whole_where_the_store_fails_in_the_middle) {
  create(R"("custom_alias":"first")");
  create(R"("custom_alias":"other")");
  for (int i = 0; i < 70; ++i) create("");  // more than is read at once
  for (const std::string format : {"csv", "ndjson", "nginx"}) {
    const std::string whole = exported("/api/v1/urls/export?format=" + format);
    EXPECT_THAT(whole, EndsWith("\r\n0\r\n\r\n")) << format;
    EXPECT_THAT(whole, HasSubstr("first"));
  }
  damage("first");
  counted("other", "total_clicks");  // until the counts are there
  for (const std::string format : {"csv", "ndjson", "nginx"}) {
    const std::string cut = exported("/api/v1/urls/export?format=" + format);
    EXPECT_THAT(cut, HasSubstr("HTTP/1.1 200 OK")) << format;
    EXPECT_THAT(cut, Not(EndsWith("\r\n0\r\n\r\n"))) << format;
  }
}

}  // namespace
}  // namespace doorbuster::links
