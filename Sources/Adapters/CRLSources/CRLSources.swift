// CRLSources
