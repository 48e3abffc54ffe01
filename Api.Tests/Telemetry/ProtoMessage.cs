using System.Text;
using Google.Protobuf;

namespace MatchCluster.Api.Tests.Telemetry;

/// <summary>A protobuf message by field numbers, without its description.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, byte[] Bytes, ulong Number)> fields = [];

    public ProtoMessage(byte[] bytes)
    {
        CodedInputStream input = new(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (field, [], input.ReadUInt64()),
                WireFormat.WireType.Fixed64 => (field, [], input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => (field, [], input.ReadFixed32()),
                WireFormat.WireType.LengthDelimited => (field, input.ReadBytes().ToByteArray(), 0UL),
                var other => throw new InvalidDataException($"wire type {other}"),
            });
        }
    }

    public IEnumerable<ProtoMessage> All(int field) =>
        fields.Where(one => one.Field == field).Select(one => new ProtoMessage(one.Bytes));

    public ProtoMessage? One(int field) => All(field).FirstOrDefault();

    public byte[] Bytes(int field) => fields.FirstOrDefault(one => one.Field == field).Bytes ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public ulong Number(int field) => fields.FirstOrDefault(one => one.Field == field).Number;

    /// <summary>The KeyValue messages of a field; a value that is no string or whole number is left empty.</summary>
    public Dictionary<string, string> Attributes(int field) =>
        All(field).ToDictionary(pair => pair.Text(1), pair => pair.One(2)?.ValueText ?? "");

    /// <summary>The text of an AnyValue.</summary>
    private string ValueText => fields.FirstOrDefault() switch
    {
        { Field: 1 } text => Encoding.UTF8.GetString(text.Bytes),
        { Field: 3 } whole => $"{(long)whole.Number}",
        _ => "",
    };
}
