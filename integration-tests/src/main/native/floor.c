// SPDX-License-Identifier: Apache-2.0
//
// The least that moving files from one machine's memory to another's can cost, as plain loops:
//
//   floor send PORT FILE...             sendfile(2) of all files to the first who connects
//   floor recv ADDRESS PORT FILE BYTES  recv, CRC32 and pwrite of so many bytes, 256 KiB at a time
//   floor read FILE                     read of all of it, 1 MiB at a time
//
// "recv -" instead of a FILE stores nothing. Each prints the seconds that it has used of the
// processor, in the program and in the kernel; "recv" the CRC32 as well.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECV_BYTES = 256 << 10, READ_BYTES = 1 << 20 };

static void fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void check(int ok, const char *what) {
  if (!ok) {
    fail(what);
  }
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static void print_usage(void) {
  struct rusage used;
  check(getrusage(RUSAGE_SELF, &used) == 0, "getrusage");
  printf("%.6f %.6f", seconds(used.ru_utime), seconds(used.ru_stime));
}

static void *buffer(size_t bytes) {
  void *memory = NULL;
  check(posix_memalign(&memory, 4096, bytes) == 0, "posix_memalign");
  // Touched now, not while it is measured what moving costs.
  memset(memory, 1, bytes);
  return memory;
}

// CRC32 as in zip, reflected polynomial 0xEDB88320, of a register that is inverted before the first
// byte and after the last one.

static uint32_t table[256];

static void make_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) {
      value = value & 1 ? value >> 1 ^ 0xEDB88320u : value >> 1;
    }
    table[i] = value;
  }
}

static uint32_t crc_bytewise(uint32_t crc, const uint8_t *at, size_t bytes) {
  for (; bytes > 0; bytes--) {
    crc = table[(crc ^ *at++) & 255] ^ crc >> 8;
  }
  return crc;
}

#ifdef __x86_64__

#include <immintrin.h>

#define CLMUL __attribute__((target("pclmul,sse4.1")))

CLMUL static __m128i fold(__m128i value, __m128i keys, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(value, keys, 0x00);
  __m128i high = _mm_clmulepi64_si128(value, keys, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

static __m128i load(const uint8_t *at) { return _mm_loadu_si128((const __m128i *)at); }

// Four folds at a time, then to 64 bits, then Barrett's reduction. Source: V. Gopal et al., "Fast CRC
// Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009; the constants are
// those of its table for this polynomial. For multiples of 64 bytes, at least one.
CLMUL static uint32_t crc_folded(uint32_t crc, const uint8_t *at, size_t bytes) {
  const __m128i by_four = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by_one = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  const __m128i to_64 = _mm_set_epi64x(0, 0x0163cd6124);
  const __m128i poly = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  const __m128i low_32 = _mm_setr_epi32(~0, 0, ~0, 0);
  __m128i a = _mm_xor_si128(load(at), _mm_cvtsi32_si128((int)crc));
  __m128i b = load(at + 16);
  __m128i c = load(at + 32);
  __m128i d = load(at + 48);
  for (at += 64, bytes -= 64; bytes >= 64; at += 64, bytes -= 64) {
    a = fold(a, by_four, load(at));
    b = fold(b, by_four, load(at + 16));
    c = fold(c, by_four, load(at + 32));
    d = fold(d, by_four, load(at + 48));
  }
  a = fold(a, by_one, b);
  a = fold(a, by_one, c);
  a = fold(a, by_one, d);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by_one, 0x10));
  a = _mm_xor_si128(
      _mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low_32), to_64, 0x00));
  __m128i quotient = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(a, low_32), poly, 0x10), low_32);
  a = _mm_xor_si128(a, _mm_clmulepi64_si128(quotient, poly, 0x00));
  return (uint32_t)_mm_extract_epi32(a, 1);
}

static int can_fold(void) {
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

#else

static uint32_t crc_folded(uint32_t crc, const uint8_t *at, size_t bytes) {
  return crc_bytewise(crc, at, bytes);
}

static int can_fold(void) { return 0; }

#endif

static uint32_t crc32(uint32_t crc, const uint8_t *at, size_t bytes) {
  size_t folded = can_fold() ? bytes / 64 * 64 : 0;
  if (folded > 0) {
    crc = crc_folded(crc, at, folded);
  }
  return crc_bytewise(crc, at + folded, bytes - folded);
}

static int port(const char *text) {
  int number = atoi(text);
  if (number <= 0 || number > 65535) {
    fprintf(stderr, "floor: %s is no port\n", text);
    exit(2);
  }
  return number;
}

static void send_files(const char *port_text, char **files, int count) {
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port(port_text))};
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  check(listener >= 0, "socket");
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0, "SO_REUSEADDR");
  check(bind(listener, (struct sockaddr *)&here, sizeof here) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  puts("ready");
  fflush(stdout);
  int peer = accept(listener, NULL, NULL);
  check(peer >= 0, "accept");
  for (int i = 0; i < count; i++) {
    int file = open(files[i], O_RDONLY);
    struct stat status;
    check(file >= 0 && fstat(file, &status) == 0, files[i]);
    for (off_t at = 0; at < status.st_size;) {
      check(sendfile(peer, file, &at, status.st_size - at) > 0, "sendfile");
    }
    close(file);
  }
  close(peer);
}

static int dial(const char *address, const char *port_text) {
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port(port_text))};
  check(inet_pton(AF_INET, address, &there.sin_addr) == 1, address);
  int peer = socket(AF_INET, SOCK_STREAM, 0);
  check(peer >= 0, "socket");
  check(connect(peer, (struct sockaddr *)&there, sizeof there) == 0, "connect");
  return peer;
}

static uint32_t receive(char **args) {
  int peer = dial(args[0], args[1]);
  off_t wanted = atoll(args[3]);
  int file = -1;
  if (strcmp(args[2], "-") != 0) {
    file = open(args[2], O_CREAT | O_TRUNC | O_WRONLY, 0600);
    // Its length first: a tmpfs takes huge pages for what lies within it.
    check(file >= 0 && ftruncate(file, wanted) == 0, args[2]);
  }
  uint8_t *part = buffer(RECV_BYTES);
  uint32_t crc = ~0u;
  for (off_t at = 0; at < wanted;) {
    ssize_t count = recv(peer, part, RECV_BYTES, 0);
    check(count > 0, "recv");
    crc = crc32(crc, part, count);
    for (ssize_t done = 0; file >= 0 && done < count;) {
      ssize_t written = pwrite(file, part + done, count - done, at + done);
      check(written > 0, "pwrite");
      done += written;
    }
    at += count;
  }
  return ~crc;
}

static void read_all(const char *name) {
  int file = open(name, O_RDONLY);
  check(file >= 0, name);
  void *part = buffer(READ_BYTES);
  ssize_t count;
  while ((count = read(file, part, READ_BYTES)) > 0) {
  }
  check(count == 0, "read");
}

int main(int argc, char **argv) {
  make_table();
  const char *mode = argc > 1 ? argv[1] : "";
  if (strcmp(mode, "send") == 0 && argc > 3) {
    send_files(argv[2], argv + 3, argc - 3);
    print_usage();
    puts("");
  } else if (strcmp(mode, "recv") == 0 && argc == 6) {
    uint32_t crc = receive(argv + 2);
    print_usage();
    printf(" %08x\n", crc);
  } else if (strcmp(mode, "read") == 0 && argc == 3) {
    read_all(argv[2]);
    print_usage();
    puts("");
  } else {
    fprintf(stderr, "floor: send PORT FILE... | recv ADDRESS PORT FILE BYTES | read FILE\n");
    return 2;
  }
  return 0;
}
