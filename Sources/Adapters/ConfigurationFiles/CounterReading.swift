internal import CounterApplications
internal import CounterService
internal import Organizations

extension ConfigurationSection {
    /// The section `counter`.
    func counter(
        _ environment: DeploymentEnvironment,
        _ directory: OrganizationDirectory?,
        policies: Set<String>
    ) -> CounterConfiguration {
        defer { finish() }
        var printers: [String: String] = [:]
        for (id, section) in keyedSections("printers") {
            if let uri = section.printerURI() { printers[id] = uri }
        }
        if printers.isEmpty { note("must name at least one printer", at: "printers") }
        let authorities = optionalFilePath("printer_authorities")
        let lease = integer("lease_seconds", in: 60...3_600, default: 90)
        let reading = CounterReading(directory: directory, printers: Set(printers.keys), policies: policies)
        var counters: [MunicipalityCode: MunicipalCounter] = [:]
        var servers: [IssuingServerSettings] = []
        for section in sections("municipalities") {
            guard let (counter, server) = reading.municipality(section) else { continue }
            if counters.updateValue(counter, forKey: counter.code) != nil { section.note("stands twice", at: "code") }
            servers.append(server)
        }
        if counters.isEmpty { note("must list at least one municipality", at: "municipalities") }
        return CounterConfiguration(
            settings: CounterSettings(
                environment: environment, municipalities: counters, leaseSeconds: Int64(lease)),
            issuingServers: servers, printers: printers, printerAuthorities: authorities)
    }

    private func printerURI() -> String? {
        defer { finish() }
        guard let uri = text("uri") else { return nil }
        guard uri.hasPrefix("ipp://") || uri.hasPrefix("ipps://"), !uri.contains("@") else {
            note("must be an ipp or ipps URI of a queue without user information", at: "uri")
            return nil
        }
        return uri
    }
}

/// One of `counter.municipalities`.
struct CounterReading {
    let directory: OrganizationDirectory?
    let printers: Set<String>
    let policies: Set<String>

    func municipality(_ section: ConfigurationSection) -> (MunicipalCounter, IssuingServerSettings)? {
        defer { section.finish() }
        let code = section.municipalityCode("code")
        let known = code.flatMap { directory?.municipalities[$0] }
        if code != nil, directory != nil, known == nil {
            section.note("is not the code of a configured municipality", at: "code")
        }
        let policy = policy("identification_policy", section)
        let parallel = section.integer("parallel", in: 1...256, default: 8)
        let idle = section.integer("idle_seconds", in: 30...3_600, default: 180)
        let server = issuingServer(section, code)
        let hours = section.optionalSection("hours")?.openingHours() ?? OpeningHours(weekly: [:])
        if hours.weekly.isEmpty { section.note("must say on which weekdays and when", at: "hours") }
        let sites = sites(section, known)
        let reading = CounterProcedureReading(hours: hours, policy: policy, policies: policies)
        let procedures = section.sections("procedures").compactMap { reading.procedure($0) }
        if procedures.isEmpty { section.note("must list at least one procedure", at: "procedures") }
        if Set(procedures.map(\.id)).count != procedures.count { section.note("has an id twice", at: "procedures") }
        guard let code, let policy, let server else { return nil }
        let counter = MunicipalCounter(
            code: code, name: section.optionalText("name") ?? known?.name ?? code.digits, procedures: procedures,
            sites: sites, identificationPolicyID: policy, issuerSeconds: server.seconds, parallel: parallel,
            idleSeconds: Int64(idle))
        return (counter, server.settings)
    }

    /// The id of one of `policies`, as freshness of an identification.
    private func policy(_ key: String, _ section: ConfigurationSection) -> String? {
        guard let id = section.text(key) else { return nil }
        guard policies.contains(id) else {
            section.note("is not the id of a configured policy", at: key)
            return nil
        }
        return id
    }

    private func issuingServer(
        _ section: ConfigurationSection,
        _ code: MunicipalityCode?
    ) -> (settings: IssuingServerSettings, seconds: Int)? {
        guard let server = section.section("issuing_server") else { return nil }
        defer { server.finish() }
        let url = server.required("url") == nil ? nil : server.url("url")
        if let url, !url.hasPrefix("https://") { server.note("must begin with https://", at: "url") }
        let (chain, key) = (server.filePath("certificate_chain"), server.filePath("private_key"))
        let authorities = server.filePath("authorities")
        let seconds = server.integer("seconds", in: 1...30, default: 10)
        guard let code, let url, let chain, let key, let authorities else { return nil }
        let settings = IssuingServerSettings(
            municipality: code, url: url, certificateChain: chain, privateKey: key, authorities: authorities)
        return (settings, seconds)
    }

    private func sites(_ section: ConfigurationSection, _ municipality: Municipality?) -> [String: CounterSite] {
        var sites: [String: CounterSite] = [:]
        for site in section.sections("sites") {
            defer { site.finish() }
            guard let id = site.text("id") else { continue }
            let known = municipality?.sites.first { $0.id == id }
            if municipality != nil, known == nil { site.note("is not the id of a site of the municipality", at: "id") }
            var targets: [PaperKind: PrintTarget] = [:]
            let papers = site.section("papers")
            for kind in PaperKind.allCases {
                targets[kind] = papers?.section(kind.rawValue).flatMap { target($0) }
            }
            papers?.finish()
            let name = site.optionalText("name") ?? known?.name ?? id
            if sites.updateValue(CounterSite(id: id, name: name, targets: targets), forKey: id) != nil {
                site.note("stands twice", at: "id")
            }
        }
        if sites.isEmpty { section.note("must list at least one site", at: "sites") }
        return sites
    }

    func target(_ section: ConfigurationSection) -> PrintTarget? {
        defer { section.finish() }
        let sides = section.choice("sides", of: PrintTarget.Sides.self, default: .one)
        let (tray, media) = (section.optionalText("tray"), section.optionalText("media") ?? "iso_a4_210x297mm")
        guard let printer = section.text("printer"), let sides else { return nil }
        if !printers.contains(printer) { section.note("is not one of counter.printers", at: "printer") }
        return PrintTarget(printer: printer, tray: tray, media: media, sides: sides)
    }
}
