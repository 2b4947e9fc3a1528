/// The root certificate of a cluster of Docker 20.10 (`wire/captures`).
enum DockerRoot {
    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBajCCARCgAwIBAgIUOEGLa1ZWOVYOZmUBN2kMq3BUYKkwCgYIKoZIzj0EAwIw
        EzERMA8GA1UEAxMIc3dhcm0tY2EwHhcNMjYxMTIzMDUyOTAwWhcNNDYxMTE4MDUy
        OTAwWjATMREwDwYDVQQDEwhzd2FybS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
        A0IABJgarih09wE39frqVo9do/fEvBQPS7knEvvr1xHMTgXGkRej7jOItYVuMjPD
        MQOnR2vhv+Ym6L3LY8DQx7mceOujQjBAMA4GA1UdDwEB/wQEAwIBBjAPBgNVHRMB
        Af8EBTADAQH/MB0GA1UdDgQWBBRoqtEQoLI/Mrw/gXtfBLefS8pzaTAKBggqhkjO
        PQQDAgNIADBFAiApIo3G7g7E4stK7XsVzR/jOQUn0XIIoXjJ4jLqzuXRvwIhAK2A
        /KyvvycMiMJKmkfqAkVaXLu/pfrqSRt4IMwtId7+
        -----END CERTIFICATE-----

        """
}
