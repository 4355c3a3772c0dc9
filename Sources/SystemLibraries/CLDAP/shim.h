// OpenLDAP's client library (Debian: libldap-dev). Found by pkg-config, which also names what to link.
#pragma once

#define LDAP_DEPRECATED 0
#include <lber.h>
#include <ldap.h>
