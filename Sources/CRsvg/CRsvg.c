#include "CRsvg.h"

#include <dlfcn.h>

/* As rsvg.h (2.46), cairo.h and glib-object.h declare them; the headers need not be installed. */
typedef struct {
  double x, y, width, height;
} rectangle;
typedef int (*cairo_writer)(void *, const unsigned char *, unsigned);

static void *(*handle_new)(const unsigned char *, size_t, void **);
static int (*render_document)(void *, void *, const rectangle *, void **);
static void (*object_unref)(void *);
static void (*clear_error)(void **);
static void *(*image_surface)(int, int, int);
static void *(*pdf_surface)(cairo_writer, void *, double, double);
static int (*write_png)(void *, cairo_writer, void *);
static void *(*create)(void *);
static int (*status)(void *);
static void (*show_page)(void *);
static void (*finish)(void *);
static int (*surface_status)(void *);
static void (*destroy)(void *);
static void (*surface_destroy)(void *);

static int is_loaded;

static void *opened(const char *const *names, size_t count) {
  for (size_t k = 0; k < count; k++) {
    /* They stay open: GLib does not survive being closed. */
    void *library = dlopen(names[k], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library != NULL) return library;
  }
  return NULL;
}

#define COUNT(names) (sizeof names / sizeof *names)

static const char *const rsvg_names[] = {
#if defined(__APPLE__)
  "librsvg-2.dylib", "/opt/homebrew/lib/librsvg-2.dylib", "/usr/local/lib/librsvg-2.dylib",
#else
  "librsvg-2.so.2", "librsvg-2.so",
#endif
};
static const char *const cairo_names[] = {
#if defined(__APPLE__)
  "libcairo.2.dylib", "/opt/homebrew/lib/libcairo.2.dylib", "/usr/local/lib/libcairo.2.dylib",
#else
  "libcairo.so.2", "libcairo.so",
#endif
};
static const char *const object_names[] = {
#if defined(__APPLE__)
  "libgobject-2.0.dylib", "/opt/homebrew/lib/libgobject-2.0.dylib",
  "/usr/local/lib/libgobject-2.0.dylib",
#else
  "libgobject-2.0.so.0", "libgobject-2.0.so",
#endif
};
static const char *const glib_names[] = {
#if defined(__APPLE__)
  "libglib-2.0.dylib", "/opt/homebrew/lib/libglib-2.0.dylib", "/usr/local/lib/libglib-2.0.dylib",
#else
  "libglib-2.0.so.0", "libglib-2.0.so",
#endif
};

int gs_rsvg_load(void) {
  if (is_loaded) return 1;
  void *rsvg = opened(rsvg_names, COUNT(rsvg_names));
  void *cairo = opened(cairo_names, COUNT(cairo_names));
  void *object = opened(object_names, COUNT(object_names));
  void *glib = opened(glib_names, COUNT(glib_names));
  if (rsvg == NULL || cairo == NULL || object == NULL || glib == NULL) return 0;
  handle_new = dlsym(rsvg, "rsvg_handle_new_from_data");
  render_document = dlsym(rsvg, "rsvg_handle_render_document");
  object_unref = dlsym(object, "g_object_unref");
  clear_error = dlsym(glib, "g_clear_error");
  image_surface = dlsym(cairo, "cairo_image_surface_create");
  pdf_surface = dlsym(cairo, "cairo_pdf_surface_create_for_stream");
  write_png = dlsym(cairo, "cairo_surface_write_to_png_stream");
  create = dlsym(cairo, "cairo_create");
  status = dlsym(cairo, "cairo_status");
  show_page = dlsym(cairo, "cairo_show_page");
  finish = dlsym(cairo, "cairo_surface_finish");
  surface_status = dlsym(cairo, "cairo_surface_status");
  destroy = dlsym(cairo, "cairo_destroy");
  surface_destroy = dlsym(cairo, "cairo_surface_destroy");
  is_loaded = handle_new && render_document && object_unref && clear_error && image_surface &&
              pdf_surface && write_png && create && status && show_page && finish &&
              surface_status && destroy && surface_destroy;
  return is_loaded;
}

struct output {
  gs_rsvg_sink sink;
  void *context;
  int has_failed;
};

static int take(void *closure, const unsigned char *bytes, unsigned size) {
  struct output *output = closure;
  if (!output->has_failed) output->has_failed = output->sink(output->context, bytes, size) != 0;
  return output->has_failed ? 11 /* CAIRO_STATUS_WRITE_ERROR */ : 0;
}

int gs_rsvg_render(const char *svg, size_t size, int format, double width, double height,
                   gs_rsvg_sink sink, void *context) {
  struct output output = {sink, context, 0};
  void *error = NULL;
  void *handle = handle_new((const unsigned char *)svg, size, &error);
  if (handle == NULL) {
    clear_error(&error);
    return 0;
  }
  void *surface = format == GS_RSVG_PNG
                      ? image_surface(0 /* CAIRO_FORMAT_ARGB32 */, (int)width, (int)height)
                      : pdf_surface(take, &output, width, height);
  void *cairo = create(surface);
  rectangle all = {0, 0, width, height};
  int is_right = status(cairo) == 0 && render_document(handle, cairo, &all, &error) != 0 &&
                 status(cairo) == 0;
  clear_error(&error);
  if (is_right && format == GS_RSVG_PNG) is_right = write_png(surface, take, &output) == 0;
  if (is_right && format == GS_RSVG_PDF) show_page(cairo);
  destroy(cairo);
  finish(surface);
  is_right = is_right && surface_status(surface) == 0 && !output.has_failed;
  surface_destroy(surface);
  object_unref(handle);
  return is_right;
}
