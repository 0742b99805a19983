#include "COpenBLAS.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stddef.h>

/* The libraries' own declarations say what is called. */
static __typeof__(&cblas_sgemm) sgemm;

static const char *const names[] = {
#if defined(__APPLE__)
  "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
  "/usr/local/opt/openblas/lib/libopenblas.dylib",
#else
  "libopenblas.so.0", "libopenblas.so",
#endif
};

int gs_blas_load(void) {
  for (size_t k = 0; sgemm == NULL && k < sizeof names / sizeof *names; k++) {
    void *library = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) continue;
    __typeof__(&openblas_set_num_threads) set_threads = dlsym(library, "openblas_set_num_threads");
    if (set_threads != NULL) set_threads(1);
    sgemm = dlsym(library, "cblas_sgemm");
  }
  return sgemm != NULL;
}

void gs_sgemm(int transposes_a, int transposes_b, int m, int n, int k, const float *a,
              int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride) {
  sgemm(CblasRowMajor, transposes_a ? CblasTrans : CblasNoTrans,
        transposes_b ? CblasTrans : CblasNoTrans, m, n, k, 1, a, a_stride, b, b_stride, beta, c,
        c_stride);
}
