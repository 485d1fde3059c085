/*
 * Stands in for bcryptprimitives.dll where the program is tested under Wine. Never shipped.
 *
 * Every Windows since 8 has this library, and whatever is compiled from Rust (cryptography, python-calamine) takes
 * its random bytes from it; Wine 8 has none. Wine's own generator gives them here.
 * Debian: x86_64-w64-mingw32-gcc -shared -o bcryptprimitives.dll bcryptprimitives.c -ladvapi32
 */

#include <windows.h>
#include <ntsecapi.h> /* RtlGenRandom, which advapi32 calls SystemFunction036 */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count)
{
    const ULONG most = 1u << 30;
    while (count > 0) {
        ULONG part = count < most ? (ULONG)count : most;
        if (!RtlGenRandom(bytes, part))
            return FALSE;
        bytes += part;
        count -= part;
    }
    return TRUE;
}
