// PlatformClient
