/* A reader's driver for pcscd in front of vpcd's, for the tests of Adapters/PCSC: a reader that is unplugged, and a
 * reader with keys of its own (PC/SC part 10). pcscd's IFD handler interface, version 3.
 *
 *   AKASHI_READER_DRIVER  the driver that does the work
 *   AKASHI_READER_FAULTS  a folder; the file of the port's name (DEVICENAME /dev/null:PORT) steers the reader:
 *
 *     gone              it is unplugged
 *     gone@N            it is unplugged at the N-th command from when the file was written, before the card has it
 *     gone_after@N      the same, after the card has had it: the answer is lost
 *     keys 1234         it has keys of its own, and somebody types 1234
 *     keys timeout      nobody types
 *     keys cancel       somebody presses the key for cancelling
 *
 * PORT.log has a line for each command, `transmit`, and for each control code, `control CODE OCTETS`. */
#include <PCSC/ifdhandler.h>
#include <PCSC/reader.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERIFY_CODE SCARD_CTL_CODE(0x0D06)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char port[16];
static struct timespec written;
static int commands, gone;

static void *next(const char *name) {
    static void *driver;
    if (!driver) driver = dlopen(getenv("AKASHI_READER_DRIVER"), RTLD_NOW | RTLD_LOCAL);
    return driver ? dlsym(driver, name) : NULL;
}

static FILE *file(const char *suffix, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", getenv("AKASHI_READER_FAULTS"), port, suffix);
    return fopen(path, mode);
}

/* What the file says now. A file that was written anew begins the counting again. */
static void order(char *text, size_t size) {
    text[0] = 0;
    FILE *orders = file("", "r");
    if (!orders) return;
    struct stat status;
    if (fstat(fileno(orders), &status) == 0 &&
        (status.st_mtim.tv_sec != written.tv_sec || status.st_mtim.tv_nsec != written.tv_nsec)) {
        written = status.st_mtim;
        commands = gone = 0;
    }
    if (!fgets(text, size, orders)) text[0] = 0;
    text[strcspn(text, "\n")] = 0;
    fclose(orders);
}

/* pcscd looks again at its readers, as it does when USB tells it of one that went. */
static void unplug(void) {
    if (gone) return;
    gone = 1;
    kill(getpid(), SIGUSR1);
}

static int is_gone(void) {
    char text[64];
    order(text, sizeof text);
    if (strcmp(text, "gone") == 0) unplug();
    return gone;
}

/* Whether this command is the one at which it goes: 1 before the card has it, 2 after. */
static int goes(void) {
    char text[64];
    int at = 0;
    order(text, sizeof text);
    if (gone) return 1;
    commands++;
    if (sscanf(text, "gone@%d", &at) == 1 && commands >= at) return 1;
    return sscanf(text, "gone_after@%d", &at) == 1 && commands >= at ? 2 : 0;
}

static void note(const char *what, const UCHAR *octets, DWORD length) {
    FILE *log = file(".log", "a");
    if (!log) return;
    fprintf(log, "%s", what);
    for (DWORD index = 0; index < length; index++) fprintf(log, "%02x", octets[index]);
    fprintf(log, "\n");
    fclose(log);
}

#define LOCKED(type, expression) \
    pthread_mutex_lock(&lock); \
    type result = (expression); \
    pthread_mutex_unlock(&lock)

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
    const char *colon = strrchr(name, ':');
    snprintf(port, sizeof port, "%s", colon ? colon + 1 : name);
    LOCKED(int, is_gone());
    if (result) return IFD_NO_SUCH_DEVICE;
    RESPONSECODE (*call)(DWORD, LPSTR) = next("IFDHCreateChannelByName");
    return call ? call(lun, name) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
    RESPONSECODE (*call)(DWORD, DWORD) = next("IFDHCreateChannel");
    return call ? call(lun, channel) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    RESPONSECODE (*call)(DWORD) = next("IFDHCloseChannel");
    return call ? call(lun) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
    RESPONSECODE (*call)(DWORD, DWORD, PDWORD, PUCHAR) = next("IFDHGetCapabilities");
    return call ? call(lun, tag, length, value) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value) {
    RESPONSECODE (*call)(DWORD, DWORD, DWORD, PUCHAR) = next("IFDHSetCapabilities");
    return call ? call(lun, tag, length, value) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b, UCHAR c) {
    RESPONSECODE (*call)(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR) = next("IFDHSetProtocolParameters");
    return call ? call(lun, protocol, flags, a, b, c) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
    LOCKED(int, is_gone());
    if (result) return IFD_NO_SUCH_DEVICE;
    RESPONSECODE (*call)(DWORD, DWORD, PUCHAR, PDWORD) = next("IFDHPowerICC");
    return call ? call(lun, action, atr, length) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    LOCKED(int, is_gone());
    if (result) return IFD_NO_SUCH_DEVICE;
    RESPONSECODE (*call)(DWORD) = next("IFDHICCPresence");
    return call ? call(lun) : IFD_COMMUNICATION_ERROR;
}

static RESPONSECODE send_on(DWORD lun, SCARD_IO_HEADER pci, PUCHAR out, DWORD length, PUCHAR in, PDWORD room,
                            PSCARD_IO_HEADER answer_pci) {
    RESPONSECODE (*call)(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER) =
        next("IFDHTransmitToICC");
    return call ? call(lun, pci, out, length, in, room, answer_pci) : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER pci, PUCHAR out, DWORD length, PUCHAR in, PDWORD room,
                               PSCARD_IO_HEADER answer_pci) {
    LOCKED(int, goes());
    note("transmit", NULL, 0);
    RESPONSECODE code = result == 1 ? IFD_NO_SUCH_DEVICE : send_on(lun, pci, out, length, in, room, answer_pci);
    if (result == 0) return code;
    pthread_mutex_lock(&lock);
    unplug();
    pthread_mutex_unlock(&lock);
    *room = 0;
    return IFD_NO_SUCH_DEVICE;
}

/* The reader's part of PIN_VERIFY_STRUCTURE for what this driver supports: ASCII, left-justified, no padding, behind a
 * header whose length octet is the PIN's. */
static RESPONSECODE verify(DWORD lun, const char *typed, PUCHAR in, DWORD length, PUCHAR out, DWORD room,
                           LPDWORD returned) {
    PIN_VERIFY_STRUCTURE head;
    if (length < sizeof head || room < 2) return IFD_COMMUNICATION_ERROR;
    memcpy(&head, in, sizeof head);
    size_t count = strlen(typed);
    UCHAR most = head.wPINMaxExtraDigit & 0xFF, fewest = head.wPINMaxExtraDigit >> 8;
    if (length != sizeof head + head.ulDataLength || head.ulDataLength != 5 || (head.bmFormatString & 0x03) != 2)
        return IFD_COMMUNICATION_ERROR;
    *returned = 2;
    if (strcmp(typed, "timeout") == 0 || strcmp(typed, "cancel") == 0) {
        out[0] = 0x64;
        out[1] = typed[0] == 't' ? 0x00 : 0x01;
        return IFD_SUCCESS;
    }
    if (count < fewest || count > most) {
        /* Too few digits, or more than the reader takes. */
        out[0] = 0x64;
        out[1] = 0x03;
        return IFD_SUCCESS;
    }
    UCHAR command[64];
    memcpy(command, in + sizeof head, 4);
    command[4] = count;
    memcpy(command + 5, typed, count);
    SCARD_IO_HEADER pci = {SCARD_PROTOCOL_T1, sizeof pci}, answer_pci = pci;
    DWORD answered = room;
    RESPONSECODE code = send_on(lun, pci, command, 5 + count, out, &answered, &answer_pci);
    *returned = answered;
    return code;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD control, PUCHAR in, DWORD length, PUCHAR out, DWORD room, LPDWORD returned) {
    char text[64], what[32];
    pthread_mutex_lock(&lock);
    order(text, sizeof text);
    pthread_mutex_unlock(&lock);
    snprintf(what, sizeof what, "control %08lx ", (unsigned long)control);
    note(what, in, length);
    if (strncmp(text, "keys ", 5) == 0) {
        if (control == CM_IOCTL_GET_FEATURE_REQUEST && room >= 12) {
            /* Another feature stands first: the list must be walked, not peeked into. */
            UCHAR features[] = {FEATURE_MODIFY_PIN_DIRECT, 4, 0x42, 0x00, 0x0D, 0x07,
                                FEATURE_VERIFY_PIN_DIRECT, 4, 0x42, 0x00, 0x0D, 0x06};
            memcpy(out, features, sizeof features);
            *returned = sizeof features;
            return IFD_SUCCESS;
        }
        if (control == VERIFY_CODE) return verify(lun, text + 5, in, length, out, room, returned);
    }
    RESPONSECODE (*call)(DWORD, DWORD, PUCHAR, DWORD, PUCHAR, DWORD, LPDWORD) = next("IFDHControl");
    return call ? call(lun, control, in, length, out, room, returned) : IFD_COMMUNICATION_ERROR;
}
