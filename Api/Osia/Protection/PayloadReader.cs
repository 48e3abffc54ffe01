using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>
/// Makes plain bodies of protected ones, for every door. It runs on the engine's threads, as the other work of single
/// calls does.
/// </summary>
internal sealed class PayloadReader(PayloadSettings settings, EngineCalls calls)
{
    /// <summary>The body as its door reads it; the same bytes where nothing in it is protected.</summary>
    /// <param name="body">JSON as it was sent.</param>
    /// <param name="member">The member of it that has the biometric items; null where it is the body itself.</param>
    /// <param name="caller">Whose signatures are taken, and what its data must have.</param>
    /// <param name="budget">How long the caller waits.</param>
    public async ValueTask<Parsed<OpenedBody>> OpenAsync(
        byte[] body, string? member, Caller caller, SearchBudget budget)
    {
        CallResult<Parsed<OpenedBody>> opened = await calls.RunAsync(() => Open(body, member, caller), budget);
        return opened.IsInTime ? opened.Value : Failure.DeadlinePassed;
    }

    private Parsed<OpenedBody> Open(byte[] body, string? member, Caller caller)
    {
        Parsed<JsonNode> parsed = PlainJson.Parse(body);
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
        if (partner.Requires == Protections.None && !ProtectedBody.IsProtected(holder))
        {
            return new OpenedBody(body, HasIntegrity: false);
        }

        try
        {
            ProtectedBody opened = new(settings.Own.Value, partner);
            return opened.Open(holder) is { } failure ? failure
                : new OpenedBody(PlainJson.Write(parsed.Value), opened.HasIntegrity);
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
