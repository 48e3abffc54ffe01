namespace MatchCluster.Api.Http.Outgoing;

/// <summary>A name leads to no address that may be connected to.</summary>
internal sealed class AddressRefusedException() : Exception("its name leads to no address that may be connected to");
