using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Makes plain bodies of protected ones, for every door. What is protected is opened on the engine's threads, as the
/// other work of single calls is done.
/// </summary>
internal sealed class PayloadReader
{
    private readonly PayloadSettings settings;
    private readonly EngineCalls calls;

    public PayloadReader(PayloadSettings settings, EngineCalls calls, ILogger<PayloadReader> log)
    {
        this.settings = settings;
        this.calls = calls;
        settings.Own.OnRefused = log.AccessFileRefused;
        if (settings.Partners is { } partners)
        {
            partners.OnRefused = log.AccessFileRefused;
        }
    }

    /// <summary>The body as its door reads it; the same bytes where nothing in it is protected.</summary>
    /// <param name="body">JSON as it was sent.</param>
    /// <param name="member">The member of it that has the biometric items; null where it is the body itself.</param>
    /// <param name="caller">Whose signatures are taken, and what its data must have.</param>
    /// <param name="budget">How long the caller waits.</param>
    public async ValueTask<Parsed<OpenedBody>> OpenAsync(
        byte[] body, string? member, Caller caller, SearchBudget budget)
    {
        ValueCount values = new();
        Parsed<JsonNode> parsed = PlainJson.Parse(body, values);
        if (parsed.IsFailed)
        {
            return parsed.Failure;
        }

        // Whatever is no object here is refused by the door, in its words.
        if ((member is null ? parsed.Value : (parsed.Value as JsonObject)?[member]) is not JsonObject holder)
        {
            return new OpenedBody(body, HasIntegrity: false);
        }

        PayloadPartner partner = settings.PartnerOf(caller);
        bool isProtected = ProtectedBody.IsProtected(holder);
        if (partner.Requires == Protections.None && !isProtected)
        {
            return new OpenedBody(body, HasIntegrity: false);
        }

        if (isProtected && settings.Partners is not null && !partner.IsKnown)
        {
            return JoseHeader.Wrong(
                EncryptionBlock.Name, "nothing is opened or verified for this caller, which --payload-partners lacks");
        }

        CallResult<Parsed<OpenedBody>> opened = await calls.RunAsync(
            () => Open(parsed.Value, holder, new ProtectedBody(settings.Own.Value, partner, values)), budget);
        return opened.IsInTime ? opened.Value : Failure.DeadlinePassed;
    }

    private static Parsed<OpenedBody> Open(JsonNode body, JsonObject holder, ProtectedBody protections)
    {
        try
        {
            return protections.Open(holder) is { } failure ? failure
                : new OpenedBody(PlainJson.Write(body), protections.HasIntegrity);
        }
        catch (FailureException tooMuch)
        {
            return tooMuch.Failure;
        }
    }
}

/// <summary>A body as its door reads it.</summary>
/// <param name="Content">JSON without protections.</param>
/// <param name="HasIntegrity">Whether hashes or signatures were in it, which are not stored.</param>
internal sealed record OpenedBody(byte[] Content, bool HasIntegrity);
