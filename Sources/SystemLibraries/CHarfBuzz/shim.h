// HarfBuzz with its subsetter (Debian: libharfbuzz-dev). Found by pkg-config, which also names what to link.
#pragma once

#include <hb.h>
#include <hb-ot.h>
#include <hb-subset.h>
