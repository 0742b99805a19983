#include "CZip.h"

#include <dlfcn.h>
#include <stdlib.h>

/* Names under which systems have it. The functions below are the same in all of them. */
static const char *const names[] = {
#if defined(__APPLE__)
  "libzip.dylib", "libzip.5.dylib", "/opt/homebrew/lib/libzip.dylib", "/usr/local/lib/libzip.dylib",
#else
  "libzip.so.4", "libzip.so.5", "libzip.so",
#endif
};

/* Opened once; whoever is first leaves the others the same handle. */
static void *library(void) {
  static void *volatile opened;
  for (size_t k = 0; opened == NULL && k < sizeof names / sizeof *names; k++) {
    opened = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
  }
  return opened;
}

static void *symbol(const char *name) {
  void *found = library() == NULL ? NULL : dlsym(library(), name);
  if (found == NULL) abort();
  return found;
}

int gs_zip_load(void) { return library() != NULL; }

/* Stands for a function of the library, by its own name, which nobody outside the program sees. */
#define LAZY(result, name, parameters, arguments)             \
  __attribute__((visibility("hidden"))) result name parameters { \
    return ((result(*) parameters)symbol(#name)) arguments;   \
  }

LAZY(void, zip_error_init, (zip_error_t * error), (error))
LAZY(void, zip_error_fini, (zip_error_t * error), (error))
LAZY(
  zip_source_t *, zip_source_buffer_create,
  (const void *data, zip_uint64_t size, int freep, zip_error_t *error), (data, size, freep, error))
LAZY(void, zip_source_free, (zip_source_t * source), (source))
LAZY(
  zip_t *, zip_open_from_source, (zip_source_t * source, int flags, zip_error_t *error),
  (source, flags, error))
LAZY(void, zip_discard, (zip_t * archive), (archive))
LAZY(
  int, zip_stat_index,
  (zip_t * archive, zip_uint64_t index, zip_flags_t flags, zip_stat_t *status),
  (archive, index, flags, status))
LAZY(
  zip_file_t *, zip_fopen_index, (zip_t * archive, zip_uint64_t index, zip_flags_t flags),
  (archive, index, flags))
LAZY(int, zip_fclose, (zip_file_t * file), (file))
LAZY(
  zip_int64_t, zip_fread, (zip_file_t * file, void *buffer, zip_uint64_t size),
  (file, buffer, size))
