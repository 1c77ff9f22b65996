// The end for want of memory or of threads: what the operating system refuses a process ends it, with a sentence and
// exit code 1. Nothing waits for memory here and nothing is given up for it: a new start replays the log and knows.
#pragma once

#include <cstddef>

namespace doorbuster {

// What to do about it, in the words of the settings: follows the sentence from now on. Of static life.
void set_advice_when_out_of_memory(const char* advice);

// Lets everything that no one catches end that way, too: std::bad_alloc, and a thread that cannot be started.
void end_in_words_when_out_of_memory();

// "doorbuster: the system refuses this process more memory (4096 bytes were asked for): ADVICE"
[[noreturn]] void end_out_of_memory(size_t bytes);

}  // namespace doorbuster
