using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Administration;

/// <summary>
/// Agreements with partners and policies of galleries: two natural persons sign each version, one of them stops an
/// agreement at once. A server that keeps none answers 404.
/// </summary>
internal static class AdministrationRoutes
{
    private const string Tag = "Administration";

    public static void MapAdministration(this IEndpointRouteBuilder mc)
    {
        RouteGroupBuilder group = mc.MapGroup("").WithTags(Tag).AddEndpointFilter(CheckAsync);
        group.MapGet("/agreements/mine", AgreementEndpoints.ReadOwnAsync).WithName("readOwnAgreements")
            .Needs(Scopes.OwnAgreements);
        group.MapGet("/agreements", AgreementEndpoints.ListAsync).WithName("listAgreements").Needs(Scopes.Admin);
        group.MapGet("/agreements/{id}", AgreementEndpoints.ReadAsync).WithName("readAgreement")
            .Needs(Scopes.Admin);
        group.MapPut("/agreements/{id}/proposal", AgreementEndpoints.ProposeAsync).WithName("proposeAgreement")
            .Needs(Scopes.Admin).NeedsPerson();
        group.MapPost("/agreements/{id}/approval", AgreementEndpoints.ApproveAsync).WithName("approveAgreement")
            .Needs(Scopes.Admin).NeedsPerson();
        group.MapPost("/agreements/{id}/suspension", AgreementEndpoints.SuspendAsync)
            .WithName("suspendAgreement").Needs(Scopes.Admin).NeedsPerson();
        group.MapPut("/agreements/{id}/resumption/proposal", AgreementEndpoints.ProposeResumptionAsync)
            .WithName("proposeResumption").Needs(Scopes.Admin).NeedsPerson();
        group.MapPost("/agreements/{id}/resumption/approval", AgreementEndpoints.ApproveResumptionAsync)
            .WithName("approveResumption").Needs(Scopes.Admin).NeedsPerson();
        group.MapGet("/gallery-policies", PolicyEndpoints.ListAsync).WithName("listGalleryPolicies")
            .Needs(Scopes.Admin);
        group.MapGet("/gallery-policies/{galleryId}", PolicyEndpoints.ReadAsync).WithName("readGalleryPolicy")
            .Needs(Scopes.Admin);
        group.MapPut("/gallery-policies/{galleryId}/proposal", PolicyEndpoints.ProposeAsync)
            .WithName("proposeGalleryPolicy").Needs(Scopes.Admin).NeedsPerson();
        group.MapPost("/gallery-policies/{galleryId}/approval", PolicyEndpoints.ApproveAsync)
            .WithName("approveGalleryPolicy").Needs(Scopes.Admin).NeedsPerson();
        group.MapGet("/proposals", AgreementEndpoints.ListProposalsAsync).WithName("listProposals")
            .Needs(Scopes.Admin);
    }

    /// <summary>The agreements of this server.</summary>
    public static Agreements Kept(this HttpContext http) => http.RequestServices.GetRequiredService<Agreements>();

    private static async ValueTask<object?> CheckAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.RequestServices.GetService<Agreements>() is null)
        {
            return new ProblemFailed(new Failure(
                FailureCode.Unknown,
                "no agreements are kept here; the server keeps them when it is started with --agreements true"));
        }

        try
        {
            return await next(context);
        }
        catch (StoreException fault)
        {
            return new ProblemFailed(new Failure(
                FailureCode.AgreementsUnavailable, $"the agreements cannot be read or written: {fault.Outage.Reason}",
                TimeSpan.FromSeconds(1)));
        }
    }
}
