// CertificateIssuing
