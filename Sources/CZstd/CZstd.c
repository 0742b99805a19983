#include "CZstd.h"

#include <dlfcn.h>

/* As zstd.h declares them, since version 1.0; the header itself need not be installed. */
static size_t (*compress)(void *, size_t, const void *, size_t, int);
static size_t (*decompress)(void *, size_t, const void *, size_t);
static size_t (*bound)(size_t);
static unsigned (*is_error)(size_t);

static const char *const names[] = {
#if defined(__APPLE__)
  "libzstd.dylib", "/opt/homebrew/lib/libzstd.dylib", "/usr/local/lib/libzstd.dylib",
#else
  "libzstd.so.1", "libzstd.so",
#endif
};

int gs_zstd_load(void) {
  for (size_t k = 0; is_error == NULL && k < sizeof names / sizeof *names; k++) {
    void *library = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) continue;
    compress = dlsym(library, "ZSTD_compress");
    decompress = dlsym(library, "ZSTD_decompress");
    bound = dlsym(library, "ZSTD_compressBound");
    if (compress != NULL && decompress != NULL && bound != NULL) {
      is_error = dlsym(library, "ZSTD_isError");
    }
  }
  return is_error != NULL;
}

size_t gs_zstd_bound(size_t size) { return bound(size); }

size_t gs_zstd_compress(void *out, size_t capacity, const void *in, size_t size, int level) {
  size_t length = compress(out, capacity, in, size, level);
  return is_error(length) ? 0 : length;
}

size_t gs_zstd_decompress(void *out, size_t capacity, const void *in, size_t size) {
  size_t length = decompress(out, capacity, in, size);
  return is_error(length) ? 0 : length;
}
