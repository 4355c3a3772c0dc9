package import PKIX
internal import SignatureAlgorithms

extension CertificateList {
    /// The list that `image` was made of, without reading its entries again: only its first and last octets are
    /// read, and compared with what the image recorded when the list was verified.
    ///
    /// - Throws: ``ImageError/otherList`` when `octets` are another list, or these octets were changed outside the
    ///   entries. Changes inside them are found by a new pass, not here; answers come from the image.
    package init(_ octets: StoredOctets, indexedBy image: RevocationIndexImage) throws(ImageError) {
        let header = image.header
        guard octets.count == header.listSize else { throw .otherList }
        let frame: ListFrame
        do throws(DERError) { frame = try ListFrame(of: octets) } catch { throw .otherList }
        guard HashAlgorithm.sha256.digest(of: frame.octets) == header.frameDigest else { throw .otherList }
        // What else a survey finds was decided on when the image was made.
        var survey = EntrySurvey()
        survey.count = header.entryCount
        do throws(DERError) {
            try self.init(frame: frame, survey: survey, digest: header.signedDigest, octets: octets)
        } catch {
            throw .otherList
        }
    }
}

extension ListFrame {
    /// The frame of a list that is there as a whole.
    init(of octets: StoredOctets) throws(DERError) {
        var walk = FrameWalk()
        let head = octets.copy(0..<(FrameWalk.largestHead + 16))
        try walk.advance(head.span)
        guard walk.isDone, walk.total == octets.count,
            walk.total - walk.entries.upperBound <= FrameWalk.largestTail
        else { throw DERError(.truncated, in: "CertificateList") }
        let tail = octets.copy(walk.entries.upperBound..<walk.total)
        self.init(octets: Array(head.prefix(walk.entries.lowerBound)) + tail, walk: walk)
    }
}
