//! The binary: one command line, many roles.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::{config::Config, serve, telemetry};

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
    /// Say everything that is wrong with the configuration
    Check,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Cli::parse().command;
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
    match run(command, config).await {
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
        Command::Check => {
            let services = serve::services(&config).await?;
            anyhow::ensure!(services.database().is_ready().await, "the database is not ready");
            eprintln!("the configuration is complete and the database is ready");
            Ok(())
        }
    }
}
