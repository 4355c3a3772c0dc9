// The client library of pcscd (Debian: libpcsclite-dev). Found by pkg-config, which also names what to link.
#pragma once

#include <winscard.h>
#include <reader.h>

// What Swift does not import: macros with casts, and constants whose type differs from that of the functions.
static inline LONG akashi_card_success(void) { return SCARD_S_SUCCESS; }
static inline DWORD akashi_any_protocol(void) { return SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1; }
static inline DWORD akashi_get_features(void) { return CM_IOCTL_GET_FEATURE_REQUEST; }
