#include "net/status.h"

#include <gtest/gtest.h>

#include <string>

namespace doorbuster::net {
namespace {

TEST(Status, has_the_line_that_belongs_to_its_code) {
  EXPECT_EQ(status_line(Status::kOk), "HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(status_line(Status::kCreated), "HTTP/1.1 201 Created\r\n");
  EXPECT_EQ(status_line(Status::kGatewayTimeout), "HTTP/1.1 504 Gateway Timeout\r\n");
  EXPECT_EQ(reason_of(Status::kUnprocessableContent), "Unprocessable Content");
  for (const Status status : {Status::kFound, Status::kNotModified, Status::kNotFound, Status::kServiceUnavailable})
    EXPECT_EQ(status_line(status).substr(9, 4), std::to_string(code_of(status)) + " ");
}

TEST(StatusDeathTest, one_that_this_server_does_not_speak_ends_the_process) {
  EXPECT_DEATH((void)status_line(static_cast<Status>(299)), "kPlaceOfCode");
  EXPECT_DEATH((void)status_line(static_cast<Status>(600)), "kPlaceOfCode");
}

}  // namespace
}  // namespace doorbuster::net
