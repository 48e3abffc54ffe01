using System.Security.Cryptography;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Audit;

/// <summary>Verifies the audit log of a data directory against its chain and its checkpoints.</summary>
public static class AuditVerification
{
    /// <param name="directory">The data directory; a server may be using it.</param>
    /// <param name="checkpoints">File of checkpoints; null takes the one beside the log.</param>
    /// <param name="publicKey">Public key of the checkpoints in PEM; null takes the one beside the log.</param>
    /// <returns>The verdict, and how many checkpoints were compared.</returns>
    /// <exception cref="StoreException">The files cannot be read, or a checkpoint was changed.</exception>
    public static (AuditVerdict Verdict, int Checkpoints) Run(
        string directory, string? checkpoints = null, string? publicKey = null)
    {
        string path = Path.Combine(directory, AuditDatabase.Name);
        if (!File.Exists(path))
        {
            throw new StoreException($"{path}: there is no audit log");
        }

        if (checkpoints is not null && !File.Exists(checkpoints))
        {
            throw new StoreException($"{checkpoints}: there is no such file");
        }

        try
        {
            string log = AuditDatabase.ReadId(path);
            using ECDsa key = AuditKeys.ReadPublic(publicKey ?? Path.Combine(directory, AuditKeys.PublicName));
            IReadOnlyList<AuditCheckpoint> signed = AuditCheckpointFile.Read(
                checkpoints ?? Path.Combine(directory, AuditCheckpointFile.Name), key, log);
            return (AuditChain.Verify(log, AuditDatabase.Read(path, after: 0, text: null), signed), signed.Count);
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
    }
}
