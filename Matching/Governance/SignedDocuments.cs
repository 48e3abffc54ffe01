using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// Documents of one kind that two different administrators sign: one proposes, another one approves, and only then the
/// document holds. Every version that held stays readable.
/// </summary>
public sealed class SignedDocuments<T>
    where T : class
{
    private const int Attempts = 8;

    private readonly IGovernanceStore store;
    private readonly TimeProvider clock;
    private readonly string kind;
    private readonly JsonTypeInfo<Signed<T>> json;
    private readonly Func<T, string> keyOf;
    private readonly Func<T, long, T> versioned;
    private readonly Func<T, string?> check;

    internal SignedDocuments(
        IGovernanceStore store, TimeProvider clock, string kind, JsonTypeInfo<Signed<T>> json, Func<T, string> keyOf,
        Func<T, long, T> versioned, Func<T, string?> check)
    {
        (this.store, this.clock, this.kind, this.json) = (store, clock, kind, json);
        (this.keyOf, this.versioned, this.check) = (keyOf, versioned, check);
    }

    private string ProposalKind => kind + "-proposal";

    /// <summary>Counts the documents that came to hold.</summary>
    public ValueTask<long> StampAsync(CancellationToken cancel) => store.StampAsync(kind, cancel);

    /// <summary>What holds now, ordered by key.</summary>
    public async ValueTask<IReadOnlyList<Signed<T>>> ReadAllAsync(CancellationToken cancel) =>
        [.. (await store.ReadAllAsync(kind, cancel)).Select(Read)];

    /// <summary>What holds of a key; null where nothing does.</summary>
    public async ValueTask<Signed<T>?> ReadAsync(string key, CancellationToken cancel) =>
        await store.ReadAsync(kind, key, cancel) is { } document ? Read(document) : null;

    /// <summary>The open proposal of a key; null where there is none.</summary>
    public async ValueTask<Signed<T>?> ReadProposalAsync(string key, CancellationToken cancel) =>
        await store.ReadAsync(ProposalKind, key, cancel) is { } document && Read(document) is { } proposal
            && proposal.Version == await VersionAsync(key, cancel) + 1 ? proposal : null;

    /// <summary>
    /// SHA-256 of a version with its signatures, in hexadecimal digits: who approves says by it what was read.
    /// </summary>
    public string DigestOf(Signed<T> version) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(version, json)));

    /// <summary>Every version of a document that held, the oldest first.</summary>
    public async ValueTask<IReadOnlyList<Signed<T>>> ReadVersionsAsync(string key, CancellationToken cancel) =>
        [.. (await store.ReadVersionsAsync(kind, key, cancel)).Select(Read)];

    /// <summary>Proposals that nobody has approved yet, ordered by key.</summary>
    public async ValueTask<IReadOnlyList<Signed<T>>> ReadProposalsAsync(CancellationToken cancel)
    {
        Dictionary<string, long> held = (await store.ReadAllAsync(kind, cancel))
            .ToDictionary(one => one.Key, one => one.Version, StringComparer.Ordinal);
        return
        [
            .. (await store.ReadAllAsync(ProposalKind, cancel))
                .Select(document => (document.Key, Proposal: Read(document)))
                .Where(one => one.Proposal.Version == held.GetValueOrDefault(one.Key) + 1)
                .Select(one => one.Proposal),
        ];
    }

    /// <summary>Proposes what a document should say; an older proposal of the same key is replaced.</summary>
    /// <param name="content">What it should say; its version is given here.</param>
    /// <param name="administrator">Who proposes, the subject of a natural person.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The version that it would have.</returns>
    public ValueTask<SignedResult> ProposeAsync(T content, string administrator, CancellationToken cancel) =>
        ProposeAsync(content, null, administrator, cancel);

    /// <param name="content">What it should say; its version is given here.</param>
    /// <param name="basis">The version that it changes: another one that holds now is not overwritten unseen.</param>
    /// <param name="administrator">Who proposes, the subject of a natural person.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <inheritdoc cref="ProposeAsync(T, string, CancellationToken)"/>
    public async ValueTask<SignedResult> ProposeAsync(
        T content, long? basis, string administrator, CancellationToken cancel)
    {
        if (administrator.Length == 0)
        {
            return NotAPerson;
        }

        if (check(content) is { } wrong)
        {
            return new SignedResult(0, new Refusal(RefusalKind.Invalid, wrong));
        }

        string key = keyOf(content);
        long held = await VersionAsync(key, cancel);
        if (basis is { } stated && stated != held)
        {
            return new SignedResult(0, new Refusal(
                RefusalKind.Conflict, $"version: found {stated}, wanted {held}, the one that holds now, or none"));
        }

        long proposals = (await store.ReadAsync(ProposalKind, key, cancel))?.Version ?? 0;
        Signed<T> proposal = new(
            held + 1, versioned(content, held + 1), administrator, clock.GetUtcNow());
        return await store.WriteAsync(Document(ProposalKind, key, proposals + 1, proposal), cancel)
            ? new SignedResult(held + 1, null) : Overtaken;
    }

    /// <summary>Approves the open proposal of a key; from then on it holds, on every front end.</summary>
    /// <param name="key">Which document.</param>
    /// <param name="version">The version that was read: another one is not approved unseen.</param>
    /// <param name="administrator">Who approves, another natural person than the one who proposed.</param>
    /// <param name="cancel">Ends the call.</param>
    public ValueTask<SignedResult> ApproveAsync(
        string key, long version, string administrator, CancellationToken cancel) =>
        ApproveAsync(key, version, null, administrator, cancel);

    /// <param name="key">Which document.</param>
    /// <param name="version">The version that was read: another one is not approved unseen.</param>
    /// <param name="digest">
    /// <see cref="DigestOf"/> of what was read: a proposal that took its place under the same version is not approved
    /// unseen either. Null approves whatever is proposed as that version.
    /// </param>
    /// <param name="administrator">Who approves, another natural person than the one who proposed.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <inheritdoc cref="ApproveAsync(string, long, string, CancellationToken)"/>
    public async ValueTask<SignedResult> ApproveAsync(
        string key, long version, string? digest, string administrator, CancellationToken cancel)
    {
        if (administrator.Length == 0)
        {
            return NotAPerson;
        }

        if (await ReadProposalAsync(key, cancel) is not { } proposal)
        {
            return new SignedResult(0, new Refusal(RefusalKind.Unknown, "no open proposal of that name"));
        }

        if (version != proposal.Version)
        {
            return new SignedResult(0, new Refusal(
                RefusalKind.Conflict,
                $"version: found {version}, wanted {proposal.Version}, the one that is proposed"));
        }

        if (digest is not null && !string.Equals(digest, DigestOf(proposal), StringComparison.OrdinalIgnoreCase))
        {
            return new SignedResult(0, new Refusal(
                RefusalKind.Conflict, "sha256: found another one than the proposal has; read it again"));
        }

        if (proposal.ProposedBy == administrator)
        {
            return new SignedResult(0, new Refusal(
                RefusalKind.Conflict, "found the administrator who proposed it, wanted another one"));
        }

        // Of two who approve at once one finds the version taken.
        return await store.WriteAsync(
            Document(kind, key, version, proposal with
            {
                ApprovedBy = administrator,
                ApprovedAt = clock.GetUtcNow(),
            }),
            cancel)
            ? new SignedResult(version, null) : Overtaken;
    }

    /// <summary>Lets a document hold at once, signed by one administrator alone: for what must not wait.</summary>
    internal async ValueTask<SignedResult> HoldAtOnceAsync(
        T content, string administrator, CancellationToken cancel)
    {
        if (administrator.Length == 0)
        {
            return NotAPerson;
        }

        if (check(content) is { } wrong)
        {
            return new SignedResult(0, new Refusal(RefusalKind.Invalid, wrong));
        }

        string key = keyOf(content);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // Of two who write at once one finds the version taken: it goes after the other.
            long version = await VersionAsync(key, cancel) + 1;
            Signed<T> held = new(version, versioned(content, version), administrator, clock.GetUtcNow());
            if (await store.WriteAsync(Document(kind, key, version, held), cancel))
            {
                return new SignedResult(version, null);
            }
        }

        return Overtaken;
    }

    private async ValueTask<long> VersionAsync(string key, CancellationToken cancel) =>
        (await store.ReadAsync(kind, key, cancel))?.Version ?? 0;

    private static SignedResult NotAPerson { get; } = new(0, new Refusal(
        RefusalKind.Invalid, "found a program or nobody, wanted a natural person: administrators sign by name"));

    private static SignedResult Overtaken { get; } = new(0, new Refusal(
        RefusalKind.Conflict, "somebody else changed it in between; read it again"));

    private GovernanceDocument Document(string of, string key, long version, Signed<T> content) =>
        new(of, key, version, JsonSerializer.SerializeToUtf8Bytes(content, json));

    private Signed<T> Read(GovernanceDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Json.Span, json)
                ?? throw new StoreException($"the {document.Kind} {document.Key} is stored as null");
        }
        catch (JsonException damaged)
        {
            throw new StoreException(
                $"the stored {document.Kind} {document.Key}, version {document.Version}, cannot be read", damaged);
        }
    }
}

/// <summary>The outcome of a signature.</summary>
/// <param name="Version">The version of the document; 0 where it was refused.</param>
/// <param name="Refusal">Why it was refused; null where it was not.</param>
public readonly record struct SignedResult(long Version, Refusal? Refusal);
