#include "CHDF5.h"

#include <dlfcn.h>
#include <stdlib.h>

static void *library;

/* Names under which systems have it: Debian's, then others'. */
static const char *const names[] = {
#if defined(__APPLE__)
  "libhdf5.dylib", "/opt/homebrew/lib/libhdf5.dylib", "/usr/local/lib/libhdf5.dylib",
#else
  "libhdf5_serial.so.103", "libhdf5_serial.so.310", "libhdf5_serial.so", "libhdf5.so.103",
  "libhdf5.so.200", "libhdf5.so.310", "libhdf5.so",
#endif
};

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char *gs_h5_wanted(void) { return TEXT(H5_VERS_MAJOR) "." TEXT(H5_VERS_MINOR); }

/* The header's types are those of its version. */
static int fits(void *candidate) {
  herr_t (*version)(unsigned *, unsigned *, unsigned *) = dlsym(candidate, "H5get_libversion");
  herr_t (*start)(void) = dlsym(candidate, "H5open");
  unsigned major, minor, release;
  return version != NULL && start != NULL && version(&major, &minor, &release) >= 0 &&
         major == H5_VERS_MAJOR && minor == H5_VERS_MINOR && start() >= 0;
}

int gs_h5_load(void) {
  for (size_t k = 0; library == NULL && k < sizeof names / sizeof *names; k++) {
    void *candidate = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
    if (candidate != NULL && fits(candidate)) {
      library = candidate;
    } else if (candidate != NULL) {
      dlclose(candidate);
    }
  }
  return library != NULL;
}

/* What the version in use must have. */
static void *symbol(const char *name) {
  void *found = library == NULL ? NULL : dlsym(library, name);
  if (found == NULL) abort();
  return found;
}

static const hid_t *variable(const char *name) { return symbol(name); }

hid_t gs_h5_native_float(void) { return *variable("H5T_NATIVE_FLOAT_g"); }

hid_t gs_h5_native_int64(void) { return *variable("H5T_NATIVE_INT64_g"); }

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
hid_t gs_h5_open(const void *bytes, size_t size) {
  void *base = (void *)bytes;
  H5FD_file_image_callbacks_t callbacks = {
      gs_h5_image_malloc, gs_h5_image_memcpy, gs_h5_image_realloc, gs_h5_image_free,
      gs_h5_base_copy,    gs_h5_base_free,    base};
  hid_t access = H5Pcreate(*variable("H5P_CLS_FILE_ACCESS_ID_g"));
  hid_t file = -1;
  if (H5Pset_fapl_core(access, 65536, 0) >= 0 &&
      H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
      H5Pset_file_image(access, base, size) >= 0)
    file = H5Fopen("gatescope", 0 /* H5F_ACC_RDONLY */, access);
  H5Pclose(access);
  return file;
}

/* Stands for a function of the library, by its own name, which nobody outside the program sees. Two
 * rounds, since some names are macros. */
#define LAZY_(result, name, parameters, arguments)                          \
  __attribute__((visibility("hidden"))) result name parameters {            \
    static result(*function) parameters;                                    \
    if (function == NULL) function = (result(*) parameters)symbol(#name);   \
    return function arguments;                                              \
  }
#define LAZY(result, name, parameters, arguments) LAZY_(result, name, parameters, arguments)

LAZY(herr_t, H5Aclose, (hid_t attr_id), (attr_id))
LAZY(htri_t, H5Aexists, (hid_t obj_id, const char *attr_name), (obj_id, attr_name))
LAZY(hid_t, H5Aget_space, (hid_t attr_id), (attr_id))
LAZY(hid_t, H5Aget_type, (hid_t attr_id), (attr_id))
LAZY(
  hid_t, H5Aopen,
  (hid_t obj_id, const char *attr_name, hid_t aapl_id),
  (obj_id, attr_name, aapl_id))
LAZY(herr_t, H5Aread, (hid_t attr_id, hid_t type_id, void *buf), (attr_id, type_id, buf))
LAZY(herr_t, H5Dclose, (hid_t dset_id), (dset_id))
LAZY(hid_t, H5Dget_create_plist, (hid_t dset_id), (dset_id))
LAZY(haddr_t, H5Dget_offset, (hid_t dset_id), (dset_id))
LAZY(hid_t, H5Dget_space, (hid_t dset_id), (dset_id))
LAZY(hsize_t, H5Dget_storage_size, (hid_t dset_id), (dset_id))
LAZY(hid_t, H5Dget_type, (hid_t dset_id), (dset_id))
LAZY(hid_t, H5Dopen2, (hid_t loc_id, const char *name, hid_t dapl_id), (loc_id, name, dapl_id))
LAZY(
  herr_t, H5Dread,
  (hid_t dset_id, hid_t mem_type_id, hid_t mem_space_id, hid_t file_space_id, hid_t dxpl_id,
   void *buf),
  (dset_id, mem_type_id, mem_space_id, file_space_id, dxpl_id, buf))
LAZY(
  herr_t, H5Eset_auto2,
  (hid_t estack_id, H5E_auto2_t func, void *client_data),
  (estack_id, func, client_data))
LAZY(herr_t, H5Fclose, (hid_t file_id), (file_id))
LAZY(
  hid_t, H5Fopen,
  (const char *filename, unsigned flags, hid_t fapl_id),
  (filename, flags, fapl_id))
LAZY(H5I_type_t, H5Iget_type, (hid_t id), (id))
LAZY(
  herr_t, H5Literate,
  (hid_t grp_id, H5_index_t idx_type, H5_iter_order_t order, hsize_t *idx, H5L_iterate_t op,
   void *op_data),
  (grp_id, idx_type, order, idx, op, op_data))
LAZY(herr_t, H5Oclose, (hid_t object_id), (object_id))
LAZY(hid_t, H5Oopen, (hid_t loc_id, const char *name, hid_t lapl_id), (loc_id, name, lapl_id))
LAZY(herr_t, H5PLset_loading_state, (unsigned int plugin_control_mask), (plugin_control_mask))
LAZY(herr_t, H5Pclose, (hid_t plist_id), (plist_id))
LAZY(hid_t, H5Pcreate, (hid_t cls_id), (cls_id))
LAZY(int, H5Pget_chunk, (hid_t plist_id, int max_ndims, hsize_t dim[]), (plist_id, max_ndims, dim))
LAZY(int, H5Pget_external_count, (hid_t plist_id), (plist_id))
LAZY(
  H5Z_filter_t, H5Pget_filter2,
  (hid_t plist_id, unsigned idx, unsigned int *flags, size_t *cd_nelmts, unsigned cd_values[]
  , size_t namelen, char name[], unsigned *filter_config),
  (plist_id, idx, flags, cd_nelmts, cd_values, namelen, name, filter_config))
LAZY(H5D_layout_t, H5Pget_layout, (hid_t plist_id), (plist_id))
LAZY(int, H5Pget_nfilters, (hid_t plist_id), (plist_id))
LAZY(
  herr_t, H5Pset_fapl_core, (hid_t fapl_id, size_t increment, hbool_t backing_store),
  (fapl_id, increment, backing_store))
LAZY(
  herr_t, H5Pset_file_image,
  (hid_t fapl_id, void *buf_ptr, size_t buf_len),
  (fapl_id, buf_ptr, buf_len))
LAZY(
  herr_t, H5Pset_file_image_callbacks,
  (hid_t fapl_id, H5FD_file_image_callbacks_t *callbacks_ptr),
  (fapl_id, callbacks_ptr))
LAZY(herr_t, H5Sclose, (hid_t space_id), (space_id))
LAZY(
  int, H5Sget_simple_extent_dims,
  (hid_t space_id, hsize_t dims[], hsize_t maxdims[]),
  (space_id, dims, maxdims))
LAZY(int, H5Sget_simple_extent_ndims, (hid_t space_id), (space_id))
LAZY(hssize_t, H5Sget_simple_extent_npoints, (hid_t space_id), (space_id))
LAZY(herr_t, H5Tclose, (hid_t type_id), (type_id))
LAZY(H5T_class_t, H5Tget_class, (hid_t type_id), (type_id))
LAZY(size_t, H5Tget_ebias, (hid_t type_id), (type_id))
LAZY(
  herr_t, H5Tget_fields,
  (hid_t type_id, size_t *spos, size_t *epos, size_t *esize, size_t *mpos, size_t *msize),
  (type_id, spos, epos, esize, mpos, msize))
LAZY(H5T_norm_t, H5Tget_norm, (hid_t type_id), (type_id))
LAZY(int, H5Tget_offset, (hid_t type_id), (type_id))
LAZY(H5T_order_t, H5Tget_order, (hid_t type_id), (type_id))
LAZY(size_t, H5Tget_precision, (hid_t type_id), (type_id))
LAZY(H5T_sign_t, H5Tget_sign, (hid_t type_id), (type_id))
LAZY(size_t, H5Tget_size, (hid_t type_id), (type_id))
LAZY(htri_t, H5Tis_variable_str, (hid_t type_id), (type_id))
LAZY(herr_t, H5dont_atexit, (void), ())
LAZY(herr_t, H5free_memory, (void *mem), (mem))
