//! The binary: one command line, many roles.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::actor::Actor;
use server::{config::Config, dossier, matching, paper, serve, telemetry};

#[derive(Parser)]
#[command(version, about = "The marketplace for computing time on Europe's AI gigafactories")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages, and work the queue
    Serve,
    /// Work the queue alone
    Work,
    /// Apply the migrations and exit
    Migrate,
    /// Make the demo world, unless it is there
    Seed {
        /// Add so many applications, for measurements
        #[arg(long, default_value_t = 0)]
        applications: u32,
        /// Add so many approved applications that compete for a run of the engine
        #[arg(long, default_value_t = 0)]
        competitors: u32,
        /// Add so many companies in all Member States with use of last month that no invoice has charged
        #[arg(long, default_value_t = 0)]
        billable: u32,
        /// In each of so many months before this one, instead of the last alone
        #[arg(long, default_value_t = 1)]
        months: u16,
    },
    /// Run the matching once on the database, or the engine on files
    Match {
        #[command(subcommand)]
        files: Option<matching::Files>,
    },
    /// The justification file of an application: out of the database, or a file to check
    Dossier {
        #[command(subcommand)]
        files: dossier::Files,
    },
    /// The books
    Ledger {
        #[command(subcommand)]
        verb: Ledger,
    },
    /// Issue what is due: last month for everybody, and awards that have ended; credit what was charged too much
    CloseMonth {
        /// Only say what would be issued
        #[arg(long)]
        dry_run: bool,
    },
    /// Write every kind of document in every form and language, for whoever wants to check them
    Documents(paper::Wanted),
    /// Make a person who has signed up an administrator
    Appoint { email: String },
    /// Say everything that is wrong with the configuration
    Check,
}

#[derive(Subcommand)]
enum Ledger {
    /// Compare the books with themselves and with the documents; fails where something does not agree
    Check,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = match Cli::parse().command {
        // Files need no configuration.
        Command::Match { files: Some(files) } if !files.needs_database() => {
            return told(matching::run_alone(files));
        }
        Command::Dossier { files: dossier::Files::Check { file, key } } => {
            return told(dossier::check(&file, key.as_deref()));
        }
        command => command,
    };
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(2);
        }
    };
    telemetry::logs(&config);
    exit(run(command, config).await)
}

/// Before there is a log: to whoever sits there.
fn told(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn exit(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Work => serve::work(&config).await,
        Command::Migrate => serve::services(&config).await.map(drop),
        Command::Seed { applications, competitors, billable, months } => {
            let services = serve::services(&config).await?;
            anyhow::ensure!(services.settings().demo, "only the demo world is seeded: set GIGAHOURS_DEMO=1");
            if services::seed::demo(&services).await? {
                eprintln!("the demo world is made; every password is {}", services::seed::PASSWORD);
            }
            services::seed::many_applications(&services, applications).await?;
            services::seed::competitors(&services, competitors).await?;
            services::seed::billable(&services, billable, months).await?;
            Ok(())
        }
        Command::Match { files: Some(files) } => {
            let services = serve::services(&config).await?;
            matching::run(files, &services.desk(Actor::SYSTEM)).await
        }
        Command::Match { files: None } => {
            let matched = serve::services(&config).await?.desk(Actor::SYSTEM).run_matching().await?;
            eprintln!("{matched:?}");
            Ok(())
        }
        Command::Dossier { files } => {
            let services = serve::services(&config).await?;
            dossier::run(files, &services.desk(Actor::SYSTEM)).await
        }
        Command::Ledger { verb: Ledger::Check } => check_books(&serve::services(&config).await?).await,
        Command::CloseMonth { dry_run } => close_month(&serve::services(&config).await?, dry_run).await,
        Command::Documents(wanted) => {
            let services = serve::services(&config).await?;
            paper::run(&wanted, &services.desk(Actor::SYSTEM)).await
        }
        Command::Appoint { email } => {
            serve::services(&config).await?.desk(Actor::SYSTEM).appoint_administrator(&email).await?;
            eprintln!("{email} is an administrator");
            Ok(())
        }
        Command::Check => {
            let services = serve::services(&config).await?;
            anyhow::ensure!(services.database().is_ready().await, "the database is not ready");
            eprintln!("the configuration is complete and the database is ready");
            Ok(())
        }
    }
}

/// On standard output how many documents each series has.
#[expect(clippy::print_stdout, reason = "a command's answer")]
async fn check_books(services: &services::Services) -> anyhow::Result<()> {
    let desk = services.desk(Actor::SYSTEM);
    let findings = desk.check_books().await?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    anyhow::ensure!(findings.is_empty(), "{} things do not agree", findings.len());
    for (series, count) in desk.document_series().await? {
        println!("{series}\t{count}");
    }
    eprintln!("the books balance, and agree with the documents");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command's answer")]
async fn close_month(services: &services::Services, is_dry: bool) -> anyhow::Result<()> {
    let desk = services.desk(Actor::SYSTEM);
    if !is_dry {
        let (issued, credited) = desk.bill().await?;
        eprintln!("{issued} documents were issued and {credited} credited");
        return Ok(());
    }
    let due = desk.due_documents().await?;
    for document in &due {
        let sums = &document.sums;
        let (organisation, occasion) = (&document.organisation, &document.occasion);
        println!("{organisation}\t{occasion}\t{}\t{}\t{}\t{}", sums.kind.code(), sums.own, sums.vat, sums.total);
    }
    eprintln!("{} documents would be issued", due.len());
    Ok(())
}
