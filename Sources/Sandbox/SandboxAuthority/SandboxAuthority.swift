// SandboxAuthority
