// OCSP
