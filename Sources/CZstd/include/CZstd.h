/* The little of libzstd (RFC 8878) that the program uses, opened when it is first needed, so that
 * nobody needs the library who does not write Parquet files. */
#ifndef GS_ZSTD_H
#define GS_ZSTD_H

#include <stddef.h>

/* Opens the library; 0 where it is not there. Before the others, and from one thread. */
int gs_zstd_load(void);

/* How many bytes `size` bytes take at most. */
size_t gs_zstd_bound(size_t size);

/* Compresses into one frame. Returns its length, or 0 where that failed. */
size_t gs_zstd_compress(void *out, size_t capacity, const void *in, size_t size, int level);

/* Takes one frame apart. Returns the length of its content, or 0 where that failed. */
size_t gs_zstd_decompress(void *out, size_t capacity, const void *in, size_t size);

#endif
