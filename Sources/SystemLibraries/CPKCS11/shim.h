// The interface of PKCS #11 2.40 (Debian: libp11-kit-dev). The header alone: modules are loaded at run time, and
// nothing of p11-kit is linked.
#pragma once

#include <p11-kit-1/p11-kit/pkcs11.h>
