//! The binary: one command line, many roles.

mod config;
mod serve;

use clap::{Parser, Subcommand};

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
    /// Apply the migrations and exit
    Migrate,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let config = config::Config::from_env()?;
    match Cli::parse().command {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => serve::migrate(&config).await,
    }
}
