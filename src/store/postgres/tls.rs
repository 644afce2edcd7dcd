//! Encrypted connections, with libpq's five grades of trust, on rustls.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::DriverError;
use crate::wording::{Argument, Message, message};

/// Which servers are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trust {
    /// `sslmode=disable`: nothing is encrypted.
    Nothing,
    /// `prefer` and `require`: encrypted, whoever the server says it is.
    Any {
        /// Whether a server without encryption is refused.
        required: bool,
    },
    /// `verify-ca`, and `verify-full` with the name of the host.
    Certified {
        /// The file with the certificates that are trusted; without one those of the system.
        roots: Option<String>,
        /// Whether the certificate must name the host.
        named: bool,
    },
}

impl Trust {
    /// What `sslmode` and `sslrootcert` mean together, as in libpq.
    ///
    /// # Errors
    /// When there is no such mode.
    pub(super) fn of(mode: Option<&str>, roots: Option<&str>) -> Result<Self, Message> {
        let file = roots.filter(|roots| !roots.is_empty() && *roots != "system").map(str::to_owned);
        Ok(match mode.unwrap_or(if roots == Some("system") { "verify-full" } else { "prefer" }) {
            "disable" => Self::Nothing,
            "allow" | "prefer" => Self::Any { required: false },
            "require" if file.is_some() => Self::Certified { roots: file, named: false },
            "require" => Self::Any { required: true },
            "verify-ca" => Self::Certified { roots: file, named: false },
            "verify-full" => Self::Certified { roots: file, named: true },
            other => {
                return Err(message!("server-sslmode", setting = format!("sslmode={other}")));
            }
        })
    }
}

/// What makes encrypted connections of this trust.
pub(super) fn connector(trust: &Trust) -> Result<MakeRustlsConnect, DriverError> {
    let failed = |error: &dyn std::fmt::Display| DriverError::Tls(message!("server-encryption", error = error.to_string()));
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| failed(&error))?;
    let config = match trust {
        Trust::Nothing | Trust::Any { .. } => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Verifier { provider, certified: None })).with_no_client_auth()
        }
        Trust::Certified { roots, named } => {
            let roots = Arc::new(root_store(roots.as_deref())?);
            if *named {
                builder.with_root_certificates(roots).with_no_client_auth()
            } else {
                let certified = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
                let certified = Some(certified.map_err(|error| failed(&error))?);
                builder.dangerous().with_custom_certificate_verifier(Arc::new(Verifier { provider, certified })).with_no_client_auth()
            }
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn root_store(file: Option<&str>) -> Result<RootCertStore, DriverError> {
    let mut store = RootCertStore::empty();
    if let Some(file) = file {
        let wrong =
            |error: &dyn std::fmt::Display| DriverError::Tls(message!("server-certificate", file = file, error = error.to_string()));
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))? {
            store.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
        }
    } else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if store.is_empty() {
        let place = file.map_or_else(|| message!("system-certificates").into(), Argument::from);
        return Err(DriverError::Tls(message!("server-no-certificate", place = place)));
    }
    Ok(store)
}

/// Takes every certificate, or every one that a trusted authority signed, whatever host it names.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    certified: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(verifier) = &self.certified else { return Ok(ServerCertVerified::assertion()) };
        match verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
