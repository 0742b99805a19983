#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor multiplies without carries, so that `gs_crc32_fold` may be called.
int gs_crc32_folds(void);

/// Goes on with the checksum of zip archives (the reflected polynomial 0xEDB88320) over bytes whose
/// count is a multiple of 16 and at least 64, by folding (Gopal et al., "Fast CRC Computation for
/// Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009).
///
/// `remainder` is the inverted checksum so far, as the usual tables have it; returns the next one.
uint32_t gs_crc32_fold(uint32_t remainder, const uint8_t *bytes, size_t count);

#endif
