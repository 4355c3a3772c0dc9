import java.io.FileInputStream;
import java.net.URI;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** Arguments: authority, certificate, responder's certificate, responder's URL. Prints the status in one line. */
public class OCSPClient {
    public static void main(String[] arguments) throws Exception {
        var validator = CertPathValidator.getInstance("PKIX");
        var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOcspResponder(URI.create(arguments[3]));
        checker.setOcspResponderCert(read(arguments[2]));
        checker.setOptions(Set.of(PKIXRevocationChecker.Option.NO_FALLBACK, PKIXRevocationChecker.Option.ONLY_END_ENTITY));
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(read(arguments[0]), null)));
        // JPKI's certificatePolicies are critical and qualified.
        parameters.setPolicyQualifiersRejected(false);
        parameters.addCertPathChecker(checker);
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(read(arguments[1])));
        try {
            validator.validate(path, parameters);
            System.out.println("good");
        } catch (CertPathValidatorException failure) {
            if (failure.getCause() instanceof CertificateRevokedException revoked) {
                System.out.println("revoked " + revoked.getRevocationReason());
            } else {
                System.out.println("undetermined: " + failure);
            }
        }
    }

    private static X509Certificate read(String path) throws Exception {
        try (var stream = new FileInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }
}
