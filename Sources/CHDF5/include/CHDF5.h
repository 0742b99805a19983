/* libhdf5: Keras's weights, LSTMVis's states. Its types and iterators are macros, which Swift does not see.
 *
 * The library brings dozens of others along, so it is opened when a file needs it: CHDF5.c stands for
 * the functions that are called here and in ModelFiles. */
#ifndef GS_HDF5_H
#define GS_HDF5_H
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

/* Opens the library; 0 where it is not there, or not of the version that the program was built for.
 * Before that no other function may be called. One thread at a time. */
int gs_h5_load(void);

/* The version that the program was built for: "1.10". */
const char *gs_h5_wanted(void);

hid_t gs_h5_native_float(void);
hid_t gs_h5_native_int64(void);

/* Whether numbers are laid out as every CPU has them: IEEE 754 or two's complement, either order. */
static inline int gs_h5_is_usual(hid_t type) {
  size_t size = H5Tget_size(type);
  H5T_order_t order = H5Tget_order(type);
  if (H5Tget_precision(type) != 8 * size || H5Tget_offset(type) != 0) return 0;
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return 0;
  if (H5Tget_class(type) != H5T_FLOAT) return H5Tget_class(type) == H5T_INTEGER;
  size_t sign, exponent, exponent_size, mantissa, mantissa_size;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_size, &mantissa, &mantissa_size) < 0) return 0;
  size_t wanted = size == 2 ? 5 : size == 4 ? 8 : 11;
  return (size == 2 || size == 4 || size == 8) && sign == 8 * size - 1 &&
         exponent_size == wanted && mantissa == 0 && mantissa_size == 8 * size - 1 - wanted &&
         exponent == mantissa_size && H5Tget_norm(type) == H5T_NORM_IMPLIED &&
         H5Tget_ebias(type) == ((size_t)1 << (wanted - 1)) - 1;
}

static inline void gs_h5_be_quiet(void) {
  /* Nothing is written, so nothing needs closing; a thread may be in the library for ever. */
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  /* A filter that the file names is never looked for as a plugin: that would run its code. */
  H5PLset_loading_state(0);
}

/* A file in memory; negative where it is none. The bytes stay the caller's. */
hid_t gs_h5_open(const void *bytes, size_t size);

/* Calls back with each link's name, and whether it is a hard one; stops where that gives not 0. */
typedef struct {
  int (*body)(const char *name, int is_hard, void *context);
  void *context;
} gs_h5_visitor;
static herr_t gs_h5_visit(hid_t group, const char *name, const H5L_info_t *info, void *visitor) {
  (void)group;
  const gs_h5_visitor *v = (const gs_h5_visitor *)visitor;
  return v->body(name, info->type == H5L_TYPE_HARD, v->context);
}
static inline herr_t gs_h5_links(hid_t group, int (*body)(const char *, int, void *),
                                 void *context) {
  gs_h5_visitor visitor = {body, context};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, gs_h5_visit, &visitor);
}
#endif
