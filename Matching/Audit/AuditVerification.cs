using System.Security.Cryptography;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Audit;

/// <summary>Verifies an audit log against its chain and its checkpoints.</summary>
public static class AuditVerification
{
    /// <param name="directory">The data directory; a server may be using it.</param>
    /// <param name="checkpoints">Files of checkpoints; none takes the one beside the log.</param>
    /// <param name="publicKey">Public key of the checkpoints in PEM; null takes the one beside the log.</param>
    /// <returns>The verdict, and how many checkpoints were compared.</returns>
    /// <exception cref="StoreException">The files cannot be read, or a checkpoint was changed.</exception>
    public static (AuditVerdict Verdict, int Checkpoints) Run(
        string directory, IReadOnlyList<string>? checkpoints = null, string? publicKey = null)
    {
        string path = Path.Combine(directory, AuditDatabase.FileName);
        if (!File.Exists(path))
        {
            throw new StoreException($"{path}: there is no audit log");
        }

        try
        {
            string log = AuditDatabase.ReadId(path);
            string[] files = checkpoints is { Count: > 0 } ? [.. checkpoints]
                : [Path.Combine(directory, AuditCheckpointFile.Name)];
            AuditCheckpoint[] signed = Signed(
                files, log, publicKey ?? Path.Combine(directory, AuditKeys.PublicName), checkpoints is { Count: > 0 });
            return (AuditChain.Verify(log, AuditDatabase.Read(path, after: 0, about: null), signed), signed.Length);
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
    }

    /// <summary>Verifies a log that several front ends write to.</summary>
    /// <param name="store">The log; front ends may be writing to it.</param>
    /// <param name="checkpoints">Files of checkpoints, of one or several front ends.</param>
    /// <param name="publicKey">Public key of the checkpoints in PEM.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The verdict, and how many checkpoints were compared.</returns>
    /// <exception cref="StoreException">It cannot be read, or a checkpoint was changed.</exception>
    public static async ValueTask<(AuditVerdict Verdict, int Checkpoints)> RunAsync(
        IAuditStore store, IReadOnlyList<string> checkpoints, string? publicKey, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(checkpoints);

        // What is written meanwhile is not missing.
        AuditHead head = await store.ReadHeadAsync(cancel);
        AuditCheckpoint[] signed = Signed(checkpoints, store.Id, publicKey, mustExist: true);
        AuditWalk walk = new(store.Id, signed);
        await foreach (AuditRow row in store.ReadAsync(after: 0, about: null, cancel))
        {
            if (!walk.Step(row))
            {
                break;
            }
        }

        AuditVerdict verdict = walk.End();
        return verdict.Fault is null && verdict.Head.Sequence < head.Sequence
            ? (verdict with
            {
                Fault = AuditChain.Missing(verdict.Head.Sequence, $"the log names row {head.Sequence} as its last one"),
            },
            signed.Length)
            : (verdict, signed.Length);
    }

    private static AuditCheckpoint[] Signed(
        IReadOnlyList<string> files, string log, string? publicKey, bool mustExist)
    {
        if (mustExist && files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new StoreException($"{missing}: there is no such file");
        }

        if (files.Count == 0)
        {
            return [];
        }

        using ECDsa key = SigningKeyFile.ReadPublic(
            publicKey ?? throw new StoreException("checkpoints are verified with a public key; give --public-key too"));
        return [.. files.SelectMany(file => AuditCheckpointFile.Read(file, key, log))];
    }
}
