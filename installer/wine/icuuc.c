/*
 * Stands in for icuuc.dll where the program is tested under Wine. Never shipped.
 *
 * Every Windows since 10 (1703) has this library, and Qt 6.10 and later will not load without it; Wine has none. Qt
 * takes from it what converts rare encodings, which the program never asks of Qt: so here every encoding is unknown.
 * The twenty names are those that Qt6Core.dll imports. Debian: x86_64-w64-mingw32-gcc -shared -o icuuc.dll icuuc.c
 */

#include <stddef.h>
#include <stdint.h>

#define EXPORT __declspec(dllexport)

enum { U_FILE_ACCESS_ERROR = 4, U_UNSUPPORTED_ERROR = 16 };

EXPORT void *ucnv_open(const char *name, int *error)
{
    (void)name;
    *error = U_FILE_ACCESS_ERROR;
    return NULL;
}

EXPORT int32_t ucnv_countAvailable(void) { return 0; }
EXPORT const char *ucnv_getAvailableName(int32_t index) { (void)index; return NULL; }

/* No converter is ever opened, so nothing below is reached; who does reach it is told so. */
#define FAILS(name, position)                                                                   \
    EXPORT void *name(void *a, void *b, void *c, void *d, void *e, void *f, void *g, int *h)    \
    {                                                                                           \
        void *given[] = {a, b, c, d, e, f, g, h};                                               \
        *(int *)given[position] = U_UNSUPPORTED_ERROR;                                          \
        return NULL;                                                                            \
    }
#define NOTHING(name) EXPORT void *name(void) { return NULL; }

FAILS(ucnv_getName, 1)
FAILS(ucnv_getStandardName, 2)
FAILS(ucnv_setToUCallBack, 5)
FAILS(ucnv_setFromUCallBack, 5)
FAILS(ucnv_toUnicode, 7)
FAILS(ucnv_fromUnicode, 7)
FAILS(ucnv_toUCountPending, 1)
FAILS(ucnv_fromUCountPending, 1)
FAILS(ucnv_cbFromUWriteUChars, 4)
FAILS(ucnv_cbToUWriteUChars, 4)
NOTHING(ucnv_close)
NOTHING(ucnv_reset)
NOTHING(ucnv_getMaxCharSize)
NOTHING(ucnv_getToUCallBack)
NOTHING(ucnv_getFromUCallBack)
NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
