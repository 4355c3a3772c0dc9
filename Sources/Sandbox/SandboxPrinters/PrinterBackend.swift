/// The back-end of CUPS that is the printer: it keeps each job octet for octet, counts sheets as a printer does (pages
/// of a PDF, both sides, copies), notes each in the file `sheets`, and fails as the file `mode` beside its papers says.
enum PrinterBackend {
    /// Of its addresses, and the name of its file: `akashi:/slips`.
    static let scheme = "akashi"

    // cupsd counts sides, and makes sheets of them; a copy that ends on a front has a back nevertheless.
    // A paper appears whole, under the job's number and the process's: what is printed twice is two files.
    static let script = #"""
        #!/bin/sh
        # A printer of Akashi's sandbox. Written by `akashi sandbox printers`; docs/printing.md says what it does.
        [ $# -eq 0 ] && { echo 'direct akashi "Unknown" "Akashi sandbox"'; exit 0; }
        D="$CUPS_SERVERROOT/../${DEVICE_URI#akashi:/}"
        N=$(printf '%05d-%d' "$1" $$)
        T="$D/$N.tmp"
        trap 'rm -f "$T"; exit 1' TERM
        mode() {
          M= S=
          { read -r M S <"$D/mode"; } 2>/dev/null
          [ -d "/proc/$PPID" ] || { rm -f "$T"; exit 1; }
        }
        wait_while() {
          mode
          [ "$M" = "$1" ] || return 0
          echo "STATE: +$2" >&2
          while [ "$M" = "$1" ]; do sleep 0.05; mode; done
          echo "STATE: -$2" >&2
        }
        wait_slowly() {
          mode
          left=$((${S:-2} * 20))
          while [ "$M" = slow ] && [ $left -gt 0 ]; do sleep 0.05; left=$((left - 1)); mode; done
        }
        # What one that was killed could not take back.
        echo "STATE: -offline-report,media-empty-error,media-jam-error" >&2
        cat ${6:+"$6"} >"$T" || exit 1
        wait_while offline offline-report
        mode
        [ "$M" = stop ] && { rm -f "$T"; exit 4; }
        pages=$(pdfinfo "$T" 2>/dev/null | sed -n 's/^Pages: *//p')
        pages=${pages:-1}
        sides=1
        case " $5 " in *' sides=two'*) sides=2 ;; esac
        sheet=1
        all=$(((pages + sides - 1) / sides * $4))
        while [ $sheet -le $all ]; do
          wait_while offline offline-report
          wait_while empty media-empty-error
          wait_slowly
          echo "PAGE: $sheet $sides" >&2
          date "+%s.%N $1 $sheet" >>"$D/sheets"
          mode
          if [ -z "$S" ] || { [ $sheet -eq "$S" ] && [ $sheet -lt $all ]; }; then
            wait_while jam media-jam-error
          fi
          sheet=$((sheet + 1))
        done
        mv "$T" "$D/$N.pdf"
        exit 0

        """#
}
