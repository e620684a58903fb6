//! A client for the whole application, in process: a cookie jar and forms, no network.

use std::collections::BTreeMap;

use axum::{Router, body::Body};
use domain::{actor::Stand, id::PersonId};
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use server::{config::Config, serve};
use services::store::session::Sessions;
use testkit::World;
use tower::ServiceExt as _;
use tower_sessions::{
    SessionStore as _,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
};

const SESSION: &str = "gigahours";

/// The configuration of the demo world, with these variables instead.
pub fn config(variables: &[(&str, &str)]) -> Config {
    let get = |name: &str| {
        let set = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        match name {
            "GIGAHOURS_DEMO" => set.or(Some("1".to_owned())),
            "GIGAHOURS_SITE_ROOT" => set.or(Some("nowhere".to_owned())),
            _ => set,
        }
    };
    Config::read(&get).expect("a configuration")
}

pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Where a 303 leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The value of the first input of this name.
    pub fn value(&self, name: &str) -> Option<String> {
        let tag = self.body.split("<input").skip(1).find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
        let value = tag.split('>').next()?.split("value=\"").nth(1)?;
        value.split('"').next().map(str::to_owned)
    }

    /// The form came back, and its summary links to the field of this name.
    #[track_caller]
    pub fn assert_wrong(&self, name: &str) {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.body);
        assert!(self.says(&format!("href=\"#{name}\"")), "the summary links to {name}: {}", self.body);
        assert!(self.says(&format!("id=\"{name}\"")), "{name} is on the page");
    }
}

impl Browser {
    pub fn new(world: &World) -> Self {
        Self::on(world, &[])
    }

    /// With these variables in the server's configuration.
    pub fn on(world: &World, variables: &[(&str, &str)]) -> Self {
        let router = serve::router(world.services.clone(), &config(variables));
        Self { router, cookies: BTreeMap::new() }
    }

    /// Somebody else at the same server.
    pub fn another(&self) -> Self {
        Self { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// Somebody new: signed up, confirmed by the link in the mail, signed in.
    pub async fn signed_in(world: &World, email: &str) -> Self {
        const PASSWORD: &str = "correct horse battery";
        let mut browser = Self::new(world);
        let typed = [("name", "Ada Lovelace"), ("email", email), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-up", &typed).await.location(), "/sign-up/sent");
        let link = link_in_mail(world, email, "/confirm/").await;
        assert_eq!(browser.post(&link, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await.location(), "/home");
        browser
    }

    pub fn cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// A session of this person, standing there, without the sign-in page. The id rotates as at a sign-in.
    pub async fn enter_as(&mut self, world: &World, person: PersonId, stand: Stand) {
        let store = Sessions::new(world.services.database().clone(), world.services.clock().clone());
        let data = [("person", person.to_string().into()), ("stand", serde_json::to_value(stand).expect("a stand"))];
        let mut record = Record {
            id: Id::default(),
            data: data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            expiry_date: OffsetDateTime::UNIX_EPOCH,
        };
        store.create(&mut record).await.expect("a session");
        self.cookies.insert(SESSION.to_owned(), record.id.to_string());
    }

    /// The value of the session's cookie; empty without one.
    pub fn session(&self) -> &str {
        self.cookies.get(SESSION).map_or("", String::as_str)
    }

    /// Plants a cookie, as an attacker could.
    pub fn set_session(&mut self, value: &str) {
        self.cookies.insert(SESSION.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// A form of one of our own pages.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().expect("cookies"));
        }
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    fn keep_cookies(&mut self, response: &Response<Body>) {
        for line in response.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            if let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The path of the link that begins so, in the last mail to that address.
pub async fn link_in_mail(world: &World, email: &str, path: &str) -> String {
    let text = world.mail_to(email).await.expect("a mail");
    let (_, link) = text.split_once(path).expect("a link");
    format!("{path}{}", link.split_whitespace().next().unwrap_or_default())
}
