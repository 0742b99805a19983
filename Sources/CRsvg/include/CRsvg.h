/* The little of librsvg and cairo that the program uses, opened when a figure is first wanted as PNG or
 * PDF, so that nobody needs the libraries who writes SVG. */
#ifndef GS_RSVG_H
#define GS_RSVG_H

#include <stddef.h>

/* Opens the libraries; 0 where one of them is not there. Before the other, and from one thread. */
int gs_rsvg_load(void);

enum { GS_RSVG_PNG, GS_RSVG_PDF };

/* Takes some bytes of the output; other than 0 where that failed. */
typedef int (*gs_rsvg_sink)(void *context, const unsigned char *bytes, size_t size);

/* Draws an SVG document into `width` x `height`: pixels of a PNG, points of a PDF. Returns 0 where
 * something went wrong, on the way or in the sink. */
int gs_rsvg_render(const char *svg, size_t size, int format, double width, double height,
                   gs_rsvg_sink sink, void *context);

#endif
