// The verifier against the documented record, and against every fraud that could be planted in it.
#include "sale/machine/draw/transcript.h"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

Lines example_in(const char* path) {
  std::ifstream file(path);
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  EXPECT_EQ(lines.size(), 20U);
  return lines;
}

Lines example() { return example_in(DOORBUSTER_FORMATS "/draw-example.txt"); }
Lines beacon_example() { return example_in(DOORBUSTER_FORMATS "/draw-beacon-example.txt"); }

// "" if it is right.
std::string fault_of(const Lines& lines) {
  TranscriptVerifier verifier;
  for (const std::string& line : lines) {
    if (const auto taken = verifier.line(line); !taken) return taken.error().message;
  }
  const auto summary = verifier.finish();
  return summary ? "" : summary.error().message;
}

std::string fault_after(const std::function<void(Lines&)>& change) {
  Lines lines = example();
  change(lines);
  return fault_of(lines);
}

// As somebody would who changes a record and makes its last line fit again.
std::string fault_of_forged(const std::function<void(Lines&)>& change) {
  return fault_after([&](Lines& lines) {
    change(lines);
    lines.back() = "end " + std::to_string(lines.size() - 1);
  });
}

TEST(Transcript, the_documented_one_is_right) {
  TranscriptVerifier verifier;
  for (const std::string& line : example()) ASSERT_TRUE(verifier.line(line).has_value()) << line;
  const auto summary = verifier.finish();
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(to_hex(summary->key), "b7ec112f9c5db2ad5f9fca7e68153fe3a81abe08f39bce6bd97162c56e468d95");
  EXPECT_EQ(summary->head.entries, 5U);
  EXPECT_EQ(summary->late, 1U);
  EXPECT_EQ(summary->offers, 4U);
  EXPECT_EQ(summary->left, 1U);
  EXPECT_EQ(summary->removed, 1U);
  EXPECT_EQ(verifier.position_of(std::string(26, 'a')), 5U);
  EXPECT_EQ(verifier.position_of(std::string(26, 'f')), 6U);
  EXPECT_EQ(verifier.position_of(std::string(26, 'z')), std::nullopt);
}

TEST(Transcript, the_writer_writes_the_documented_lines) {
  const Lines lines = example();
  TranscriptHead head{.sale = "ps5",
                      .commitment = {},
                      .secret = {},
                      .beacon = {},
                      .beacon_source = {},
                      .beacon_round = 0,
                      .entries = 5,
                      .root = {}};
  for (size_t i = 0; i < head.secret.size(); ++i) head.secret[i] = std::byte(i);
  head.commitment = draw_commitment(head.secret);
  ASSERT_TRUE(from_hex(lines[6].substr(5), head.root));
  std::string text;
  for (size_t i = 0; i < 7; ++i) text += lines[i] + "\n";
  EXPECT_EQ(transcript_head(head), text);
  EXPECT_EQ(transcript_entry(0, std::string(26, 'a'), {}), lines[7] + "\n");
  EXPECT_EQ(transcript_entry(1, std::string(26, 'b'), Bytes(std::array{std::byte{1}})), lines[8] + "\n");
  EXPECT_EQ(transcript_step(TranscriptStep::kLate, 6, std::string(26, 'f'), *parse_rfc3339("2026-11-27T10:00:02Z")),
            lines[15] + "\n");
  EXPECT_EQ(transcript_end(19), lines[19] + "\n");
}

TEST(Transcript, a_draw_of_nobody_is_right) {
  const TranscriptHead head{.sale = "x",
                            .commitment = draw_commitment({}),
                            .secret = {},
                            .beacon = {},
                            .beacon_source = {},
                            .beacon_round = 0,
                            .entries = 0,
                            .root = MerkleFrontier().root()};
  Lines lines;
  std::string text = transcript_head(head);
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    lines.push_back(text.substr(at, text.find('\n', at) - at));
  lines.push_back("late 1 " + std::string(26, 'a') + " 2026-11-27T10:00:02Z");
  lines.push_back("offer 1 " + std::string(26, 'a') + " 2026-11-27T10:00:02Z");
  lines.push_back("end 9");
  EXPECT_EQ(fault_of(lines), "");
}

TEST(Transcript, another_secret_or_commitment_is_found) {
  EXPECT_THAT(fault_after([](Lines& l) { l[3].back() = 'e'; }), HasSubstr("line 4: the secret is not the one"));
  EXPECT_THAT(fault_after([](Lines& l) { l[2].back() = 'e'; }), HasSubstr("line 4: the secret is not the one"));
}

TEST(Transcript, another_beacon_moves_everybody) {
  EXPECT_THAT(fault_after([](Lines& l) { l[4] = "beacon 00 drand 1"; }), HasSubstr("line 13: position 2 is that of"));
}

TEST(Transcript, the_documented_one_with_a_beacon_is_right) {
  TranscriptVerifier verifier;
  for (const std::string& line : beacon_example()) ASSERT_TRUE(verifier.line(line).has_value()) << line;
  const auto summary = verifier.finish();
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(to_hex(summary->key), "323cba193594bea4a79e84763df90e06fafc3ace00041c23672bdd3ecaf0424e");
  EXPECT_EQ(summary->head.beacon_source, "drand-quicknet");
  EXPECT_EQ(summary->head.beacon_round, 14'212'345U);
  std::string text;
  for (size_t i = 0; i < 7; ++i) text += beacon_example()[i] + "\n";
  EXPECT_EQ(transcript_head(summary->head), text);
}

TEST(Transcript, a_beacon_taken_out_of_the_record_or_changed_in_it_is_found) {
  const auto fault_with = [](const char* line) {
    Lines lines = beacon_example();
    lines[4] = line;
    return fault_of(lines);
  };
  const std::string fault = "is that of entry";
  EXPECT_THAT(fault_with("beacon -"), HasSubstr(fault));
  EXPECT_THAT(
      fault_with("beacon 7f000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e drand-quicknet 14212345"),
      HasSubstr(fault));
  // Which round that is only the beacon itself can tell.
  std::string another_round = beacon_example()[4];
  another_round.back() = '6';
  EXPECT_EQ(fault_with(another_round.c_str()), "");
}

TEST(Transcript, an_entry_added_removed_moved_or_changed_is_found) {
  const std::string fault = "entries have the root";
  EXPECT_THAT(fault_of_forged([](Lines& l) {
                l[5] = "entries 6";
                l.insert(l.begin() + 12, "entry 5 " + std::string(26, 'x') + " -");
              }),
              HasSubstr(fault));
  EXPECT_THAT(fault_of_forged([](Lines& l) {
                l[5] = "entries 4";
                l.erase(l.begin() + 11);
              }),
              HasSubstr(fault));
  EXPECT_THAT(fault_of_forged([](Lines& l) {
                const std::string third = l[9].substr(8);
                l[9].replace(8, std::string::npos, l[10].substr(8));
                l[10].replace(8, std::string::npos, third);
              }),
              HasSubstr(fault));
  EXPECT_THAT(fault_of_forged([](Lines& l) { l[8] = "entry 1 " + std::string(26, 'b') + " 02"; }), HasSubstr(fault));
  EXPECT_THAT(fault_of_forged([](Lines& l) { l[6].back() = '0'; }), HasSubstr(fault));
}

TEST(Transcript, an_entry_that_is_there_twice_is_found) {
  TranscriptHead head{.sale = "x",
                      .commitment = draw_commitment({}),
                      .secret = {},
                      .beacon = {},
                      .beacon_source = {},
                      .beacon_round = 0,
                      .entries = 2,
                      .root = {}};
  const std::string id(26, 'a');
  MerkleFrontier tree;
  tree.add(draw_leaf(0, id, {}));
  tree.add(draw_leaf(1, id, {}));
  head.root = tree.root();
  TranscriptVerifier verifier;
  const std::string text = transcript_head(head);
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    ASSERT_TRUE(verifier.line(text.substr(at, text.find('\n', at) - at)).has_value());
  ASSERT_TRUE(verifier.line("entry 0 " + id + " -").has_value());
  EXPECT_THAT(verifier.line("entry 1 " + id + " -").error().message, HasSubstr("is there twice"));
}

TEST(Transcript, offers_out_of_order_are_found) {
  // To the third before the second, who is still there.
  EXPECT_THAT(fault_of_forged([](Lines& l) { l.erase(l.begin() + 12); }), HasSubstr("position 2 was passed over"));
  // Twice to the same.
  EXPECT_THAT(fault_of_forged([](Lines& l) { l.insert(l.begin() + 14, l[13]); }), HasSubstr("an offer out of order"));
  // To somebody who had gone.
  EXPECT_THAT(fault_of_forged([](Lines& l) {
                std::string removed = l[12];
                l.insert(l.begin() + 14, "offer" + removed.substr(7));
              }),
              HasSubstr("had gone"));
  // To another entry than the one at the position.
  EXPECT_THAT(fault_of_forged([](Lines& l) { l[13].replace(8, 26, std::string(26, 'a')); }),
              HasSubstr("position 1 is that of entry"));
  // A late one that pushed in.
  EXPECT_THAT(fault_of_forged([](Lines& l) { l[15].replace(0, 6, "late 5"); }), HasSubstr("stands behind all others"));
  // Time that goes back.
  EXPECT_THAT(fault_of_forged([](Lines& l) { std::swap(l[14], l[15]); }), HasSubstr("happened before"));
}

TEST(Transcript, a_record_cut_short_or_continued_is_found) {
  for (size_t kept = 0; kept < 20; ++kept) {
    EXPECT_NE(fault_after([&](Lines& l) { l.resize(kept); }), "") << kept;
  }
  EXPECT_THAT(fault_after([](Lines& l) { l.erase(l.begin() + 17); }), HasSubstr("passed over"));
  EXPECT_THAT(fault_after([](Lines& l) { l.erase(l.begin() + 18); }), HasSubstr("lines stand before this one"));
  EXPECT_THAT(fault_after([](Lines& l) { l.push_back("offer"); }), HasSubstr("behind the end"));
}

TEST(Transcript, a_word_that_is_not_what_belongs_there_is_named) {
  struct Wrong {
    size_t line;
    std::string text;
    std::string fault;
  };
  const std::string a(26, 'a');
  const std::string time = " 2026-11-27T10:00:00Z";
  const std::vector<Wrong> kWrong = {
      {0, "doorbuster-draw 2", "only version 1"},
      {2, "commitment 0", "not 32 bytes"},
      {3, "secret xyz", "not 32 bytes"},
      {4, "beacon 00", "'beacon -' or 'beacon VALUE SOURCE ROUND'"},
      {4, "bacon -", "'beacon -' or 'beacon VALUE SOURCE ROUND'"},
      {4, "bacon 00 drand 1", "'beacon -' or 'beacon VALUE SOURCE ROUND'"},
      {4, "beacon 00 drand", "'beacon -' or 'beacon VALUE SOURCE ROUND'"},
      {4, "beacon 0 drand 1", "neither '-'"},
      {4, "beacon 0x drand 1", "neither '-'"},
      {4, "beacon " + std::string(130, '0') + " drand 1", "1 to 64 bytes"},
      {4, "beacon - drand 1", "1 to 64 bytes"},
      {4, "beacon 00 Drand 1", "a beacon's source"},
      {4, "beacon 00 drand 0", "count from 1"},
      {4, "beacon 00 drand x", "not a number"},
      {5, "entries 05", "not a number"},
      {5, "entries 5x", "not a number"},
      {5, "entries 4294967297", "at most 2^32"},
      {6, "root 0", "not 32 bytes"},
      {7, "entry 0 " + a, "belongs here"},
      {7, "entri 0 " + a + " -", "belongs here"},
      {7, "entry 1 " + a + " -", "belongs here"},
      {7, "entry 0 short -", "26 characters"},
      {7, "entry 0 " + a + " zz", "neither '-'"},
      {12, "offer x " + a + time, "not a number"},
      {12, "offer 1 " + a + " today", "not a time"},
      {12, "offer 0 " + a + time, "nobody stands"},
      {12, "offer 6 " + a + time, "nobody stands"},
      {12, "late 6 short" + time, "26 characters"},
      {19, "end 19 19", "lines stand before"},
      {19, "end x", "not a number"},
  };
  for (const Wrong& wrong : kWrong) {
    const std::string fault = fault_after([&](Lines& l) { l[wrong.line] = wrong.text; });
    EXPECT_THAT(fault, HasSubstr("line " + std::to_string(wrong.line + 1) + ": ")) << wrong.text;
    EXPECT_THAT(fault, HasSubstr(wrong.fault)) << wrong.text;
  }
}

TEST(Transcript, a_late_entry_that_is_there_already_is_found) {
  EXPECT_THAT(fault_of_forged([](Lines& l) {
                l[15].replace(7, 26, std::string(26, 'a'));
                l.erase(l.begin() + 18);
              }),
              HasSubstr("is there twice"));
}

TEST(Transcript, lines_that_make_no_sense_are_refused_with_their_number) {
  for (size_t i = 0; i < 20; ++i) {
    for (const std::string nonsense :
         {"", " ", "nonsense", "entry -1 x", "late 5", "sale", "offer 99999999999999999999 a b"}) {
      EXPECT_THAT(fault_after([&](Lines& l) { l[i] = nonsense; }), HasSubstr("line " + std::to_string(i + 1) + ": "))
          << nonsense;
    }
  }
}

}  // namespace
}  // namespace doorbuster::sale
