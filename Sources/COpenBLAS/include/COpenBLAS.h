/* The one product of OpenBLAS that the program uses, for training. It is a large library and starts
 * threads when it is loaded, so that happens with the first call. */
#ifndef GS_OPENBLAS_H
#define GS_OPENBLAS_H

/* Opens the library and turns its own threads off; 0 where it is not there. */
int gs_blas_load(void);

/* Row-major: C (m, n) = op(A) op(B) + beta C, with the strides of their rows. After gs_blas_load. */
void gs_sgemm(int transposes_a, int transposes_b, int m, int n, int k, const float *a,
              int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride);

#endif
