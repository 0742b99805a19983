/* libhdf5: Keras's weights, LSTMVis's states. Its types and iterators are macros, which Swift does not see. */
#ifndef GS_HDF5_H
#define GS_HDF5_H
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

static inline hid_t gs_h5_native_float(void) { return H5T_NATIVE_FLOAT; }

static inline hid_t gs_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t gs_h5_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t gs_h5_ieee_f64le(void) { return H5T_IEEE_F64LE; }

static inline void gs_h5_be_quiet(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  /* A filter that the file names is never looked for as a plugin: that would run its code. */
  H5PLset_loading_state(0);
}

/* The bytes are the image that the core driver works on, where they are: read only. */
static void *gs_h5_image_malloc(size_t size, H5FD_file_image_op_t op, void *base) {
  (void)size, (void)op;
  return base;
}
static void *gs_h5_image_memcpy(void *target, const void *source, size_t size,
                                H5FD_file_image_op_t op, void *base) {
  (void)source, (void)size, (void)op;
  return target == base ? target : NULL;
}
static void *gs_h5_image_realloc(void *image, size_t size, H5FD_file_image_op_t op, void *base) {
  (void)image, (void)size, (void)op, (void)base;
  return NULL;
}
static herr_t gs_h5_image_free(void *image, H5FD_file_image_op_t op, void *base) {
  (void)image, (void)op, (void)base;
  return 0;
}
static void *gs_h5_base_copy(void *base) { return base; }
static herr_t gs_h5_base_free(void *base) {
  (void)base;
  return 0;
}

/* A file in memory; negative where it is none. The bytes stay the caller's. */
static inline hid_t gs_h5_open(const void *bytes, size_t size) {
  void *base = (void *)bytes;
  H5FD_file_image_callbacks_t callbacks = {
      gs_h5_image_malloc, gs_h5_image_memcpy, gs_h5_image_realloc, gs_h5_image_free,
      gs_h5_base_copy,    gs_h5_base_free,    base};
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = -1;
  if (H5Pset_fapl_core(access, 65536, 0) >= 0 &&
      H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
      H5Pset_file_image(access, base, size) >= 0)
    file = H5Fopen("gatescope", H5F_ACC_RDONLY, access);
  H5Pclose(access);
  return file;
}

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
