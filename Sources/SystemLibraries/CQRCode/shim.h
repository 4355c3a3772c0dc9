// QR codes (Debian: libqrencode-dev). Found by pkg-config, which also names what to link.
#pragma once

#include <qrencode.h>
