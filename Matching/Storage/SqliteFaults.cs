using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>SQLite's result codes as sentences for the operator (sqlite.org/rescode.html).</summary>
internal static class SqliteFaults
{
    public static Outage Damaged { get; } = new("the database file is damaged; restore a backup", MayRetry: false);

    /// <summary>Made before it is needed: there may be no memory for it then.</summary>
    public static Outage NoMemory { get; } = new("memory is exhausted; nothing was written", MayRetry: true);

    public static Outage OutageOf(SqliteException fault) => fault.SqliteErrorCode switch
    {
        SQLITE_FULL => new("the disk or the database's size limit is full; free space", true),
        SQLITE_READONLY => new("the database or its file system is read-only; make it writable", true),
        SQLITE_IOERR => new($"the disk failed, SQLite error {fault.SqliteExtendedErrorCode}; check it", true),
        SQLITE_BUSY or SQLITE_LOCKED => new("another program holds the database's write lock; end it", true),
        SQLITE_NOMEM => new("memory is exhausted", true),
        SQLITE_CANTOPEN => new("the database or its log cannot be opened; check rights and open files", true),
        SQLITE_CORRUPT or SQLITE_NOTADB => Damaged,
        _ => new($"SQLite error {fault.SqliteExtendedErrorCode}: {fault.Message}", false),
    };

    public static StoreException ExceptionOf(SqliteException fault, string path) =>
        new(OutageOf(fault), path, fault);
}
