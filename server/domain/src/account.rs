//! Rules of people's accounts: addresses, passwords, names, and how long what we send them is good for.
//!
//! Refuses to hash, send or store.

use chrono::TimeDelta;

use crate::problem::{Invalid, Problem};

/// NIST SP 800-63B asks for 8 and advises more; length is what a person can give without a token.
pub const PASSWORD_LENGTH_MIN: usize = 12;
/// Argon2 takes any length; a limit keeps a request from being a burden.
pub const PASSWORD_LENGTH_MAX: usize = 200;
const ADDRESS_LENGTH_MAX: usize = 254;
const NAME_LENGTH_MAX: usize = 120;

/// Passwords of twelve and more characters that head the public lists of broken ones.
const COMMON: [&str; 14] = [
    "123456789012",
    "1234567890123",
    "passwordpassword",
    "password1234",
    "password12345",
    "qwertyuiop12",
    "qwertyuiopasdf",
    "iloveyou1234",
    "111111111111",
    "aaaaaaaaaaaa",
    "abcdefghijkl",
    "administrator",
    "letmeinletmein",
    "welcome12345",
];

/// What a secret sent by mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    ConfirmAddress,
    ResetPassword,
    /// Sent to the address in use: its holder agrees to give it up.
    LeaveAddress,
    /// Sent to the new address: its holder agrees to take it up.
    TakeAddress,
    Invitation,
}

impl Purpose {
    pub const fn code(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::ResetPassword => "reset_password",
            Self::LeaveAddress => "leave_address",
            Self::TakeAddress => "take_address",
            Self::Invitation => "invitation",
        }
    }

    /// How long it can be used; the mails say so.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::ResetPassword => TimeDelta::hours(1),
            Self::ConfirmAddress | Self::LeaveAddress | Self::TakeAddress => TimeDelta::hours(24),
            Self::Invitation => TimeDelta::days(14),
        }
    }
}

/// The address in its normal form: trimmed and lower-case. Whether it exists only a mail can tell.
pub fn address(typed: &str) -> Result<String, Problem> {
    let address = typed.trim().to_lowercase();
    if address.is_empty() {
        return Err(Problem::Required);
    }
    if address.len() > ADDRESS_LENGTH_MAX {
        return Err(Problem::TooLong { max: 254 });
    }
    let is_plausible = address.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.contains('@')
            && host.contains('.')
            && host.split('.').all(|label| !label.is_empty())
            && !address
                .chars()
                .any(|character| character.is_whitespace() || character.is_control() || ",;<>()\"".contains(character))
    });
    if is_plausible { Ok(address) } else { Err(Problem::NotAnEmail) }
}

/// A person's name as they write it.
pub fn name(typed: &str) -> Result<String, Problem> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Problem::Required);
    }
    if name.chars().count() > NAME_LENGTH_MAX {
        return Err(Problem::TooLong { max: 120 });
    }
    if name.chars().any(char::is_control) { Err(Problem::ControlCharacters) } else { Ok(name.to_owned()) }
}

/// Whether the password may be used with this address.
pub fn password(typed: &str, address: &str) -> Result<(), Problem> {
    let length = typed.chars().count();
    if length < PASSWORD_LENGTH_MIN {
        return Err(if length == 0 { Problem::Required } else { Problem::TooShort { min: 12 } });
    }
    if length > PASSWORD_LENGTH_MAX {
        return Err(Problem::TooLong { max: 200 });
    }
    let lower = typed.to_lowercase();
    let local = address.split('@').next().unwrap_or_default();
    let is_weak = COMMON.contains(&lower.as_str())
        || lower == address
        || (local.len() >= 4 && lower.starts_with(local) && length < local.chars().count() + 6)
        || lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    if is_weak { Err(Problem::PasswordWeak) } else { Ok(()) }
}

/// A sign-up as typed, put into normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    pub email: String,
    pub name: String,
}

/// Checks a sign-up. Errors with every field that is wrong.
pub fn sign_up(email: &str, typed_name: &str, typed_password: &str) -> Result<SignUp, Invalid> {
    let mut invalid = Invalid::default();
    let name = name(typed_name).map_err(|problem| invalid.add("name", problem)).unwrap_or_default();
    let email = address(email).map_err(|problem| invalid.add("email", problem)).unwrap_or_default();
    if let Err(problem) = password(typed_password, &email) {
        invalid.add("password", problem);
    }
    invalid.or(SignUp { email, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_brought_to_one_form_or_refused() {
        assert_eq!(address(" Ana@Firma.Example "), Ok("ana@firma.example".to_owned()));
        assert_eq!(address(""), Err(Problem::Required));
        for wrong in [
            "ana",
            "ana@",
            "@firma.example",
            "ana@firma",
            "a b@firma.example",
            "a@b@c.example",
            "a@b..example",
            "<a@b.example>",
        ] {
            assert_eq!(address(wrong), Err(Problem::NotAnEmail), "{wrong}");
        }
        assert_eq!(address(&format!("{}@b.example", "a".repeat(260))), Err(Problem::TooLong { max: 254 }));
    }

    #[test]
    fn weak_passwords_are_refused_and_long_ones_of_any_kind_are_not() {
        let email = "ana.silva@firma.example";
        assert_eq!(password("", email), Err(Problem::Required));
        assert_eq!(password("short", email), Err(Problem::TooShort { min: 12 }));
        for weak in ["password1234", "PasswordPassword", "ana.silva@firma.example", "ana.silva2026", "aaaabbbbaaaabbbb"]
        {
            assert_eq!(password(weak, email), Err(Problem::PasswordWeak), "{weak}");
        }
        assert_eq!(password("correct horse battery", email), Ok(()));
        assert_eq!(password("пароль достаточно", email), Ok(()));
    }

    #[test]
    fn a_sign_up_names_every_wrong_field_at_once() {
        let problems = sign_up("ana", "", "short").unwrap_err();
        let fields: Vec<&str> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name", "email", "password"]);
    }
}
