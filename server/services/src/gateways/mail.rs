//! Mail leaves here: through SMTP, or held on this machine where the demo world shows it and tests read it.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
};

use crate::store::rows::MailRow;

#[derive(Clone)]
pub enum Mailer {
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
    /// Nothing leaves: the queued row is the mail.
    Held,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smtp { .. } => "Smtp",
            Self::Held => "Held",
        })
    }
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Worth another try: the relay is away or asks to come back.
    #[error("{0}")]
    Later(String),
    /// The address or the mail is refused for good.
    #[error("{0}")]
    Never(String),
}

impl Mailer {
    /// A relay by its URL (`smtps://user:password@host`). Errors if either cannot be read.
    pub fn smtp(url: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.build();
        Ok(Self::Smtp { transport, from: from.parse()? })
    }

    /// Whether mails go to people's own mailboxes, rather than being read here.
    pub const fn leaves(&self) -> bool {
        matches!(self, Self::Smtp { .. })
    }

    /// Hands the mail to the relay. Never called inside a transaction.
    pub async fn send(&self, mail: &MailRow) -> Result<(), MailError> {
        let Self::Smtp { transport, from } = self else { return Ok(()) };
        let message = message(mail, from.clone()).map_err(|error| MailError::Never(format!("{error:#}")))?;
        match transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Never(error.to_string())),
            Err(error) => Err(MailError::Later(error.to_string())),
        }
    }
}

fn message(mail: &MailRow, from: Mailbox) -> anyhow::Result<Message> {
    let body = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let builder = Message::builder()
        .from(from)
        .to(mail.address.parse()?)
        .subject(mail.subject.clone())
        .message_id(Some(format!("<{}>", mail.message_id)));
    let message = match (&mail.attachment_name, &mail.attachment) {
        (Some(name), Some(bytes)) => {
            let kind = if name.ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
            let part: SinglePart = Attachment::new(name.clone()).body(bytes.clone(), ContentType::parse(kind)?);
            builder.multipart(MultiPart::mixed().multipart(body).singlepart(part))?
        }
        _ => builder.multipart(body)?,
    };
    Ok(message)
}
