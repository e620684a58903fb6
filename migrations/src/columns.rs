//! The column types of this project, so that every table says them the same way on both databases.

use sea_orm_migration::prelude::*;

pub fn name(name: &str) -> Alias {
    Alias::new(name)
}

/// A table that does not exist yet, with its UUID primary key.
pub fn table(named: &str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name(named)).col(ColumnDef::new(name("id")).uuid().not_null().primary_key());
    table
}

pub fn uuid(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).uuid().not_null().take()
}

pub fn uuid_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).uuid().null().take()
}

pub fn text(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).text().not_null().take()
}

pub fn text_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).text().null().take()
}

pub fn integer(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).integer().not_null().take()
}

pub fn big(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).big_integer().not_null().take()
}

pub fn big_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).big_integer().null().take()
}

pub fn boolean(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).boolean().not_null().take()
}

pub fn day(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).date().not_null().take()
}

pub fn day_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).date().null().take()
}

pub fn instant(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).timestamp_with_time_zone().not_null().take()
}

pub fn instant_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).timestamp_with_time_zone().null().take()
}

pub fn bytes_or_null(named: &str) -> ColumnDef {
    ColumnDef::new(name(named)).binary().null().take()
}

/// `column` of `table` names a row of `target`; deleting that row is refused.
pub fn reference(table: &str, column: &str, target: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(name(table), name(column))
        .to(name(target), name("id"))
        .on_delete(ForeignKeyAction::Restrict)
        .take()
}

pub fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(name(table));
    for column in columns {
        index.col(name(column));
    }
    index
}

pub fn unique(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = index(table, columns);
    index.name(format!("ux_{table}_{}", columns.join("_"))).unique();
    index
}
