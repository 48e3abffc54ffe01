using System.Buffers.Binary;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates.Wrappers;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Biometric information records around others: the wrapper comes off, whatever form it has.</summary>
public sealed class BirWrapperTests
{
    private static readonly byte[] Record = [.. "FMR\0 20\0"u8, .. Enumerable.Range(0, 300).Select(i => (byte)i)];

    [Fact]
    public void Bytes_without_a_wrapper_come_back()
    {
        WrappedBlocks blocks = Read(Record);
        Assert.Null(blocks.Wrapper);
        Assert.Equal(Record, blocks.Blocks.Single().ToArray());
    }

    [Fact]
    public void The_XML_form_gives_each_block_of_a_nest()
    {
        string text = $"""
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/">
              <BIRInfo><Integrity>false</Integrity></BIRInfo>
              <BIR><BDBInfo><Type>Finger</Type><Subtype>Left IndexFinger</Subtype></BDBInfo>
                <BDB>{Convert.ToBase64String(Record)}</BDB></BIR>
              <BIR><BDB>{System.Buffers.Text.Base64Url.EncodeToString(Record)}</BDB><SB/></BIR>
            </BIR>
            """;
        WrappedBlocks blocks = Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal("XML BIR", blocks.Wrapper);
        Assert.Equal(2, blocks.Blocks.Count);
        Assert.All(blocks.Blocks, block => Assert.Equal(Record, block.ToArray()));
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><BIR><BDB>&x;</BDB></BIR>")]
    [InlineData("<BIR><BDB>AAAA</BDB>")]
    [InlineData("<BIR><BDB>not base64!</BDB></BIR>")]
    [InlineData("<BIR></BIR>")]
    [InlineData("<svg xmlns=\"a\"/>")]
    public void XML_that_is_broken_or_reaches_out_is_refused(string text) =>
        Assert.NotNull(BirWrapper.Unwrap(Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?>" + text)).Rejection);

    [Fact]
    public void A_tag_full_of_attributes_is_refused_before_it_is_read_and_long_data_is_not()
    {
        string attributes = string.Concat(Enumerable.Range(0, 1000).Select(i => $" a{i}=\"\""));
        string full = $"<BIR{attributes}><BDB>AAAA</BDB></BIR>";
        Assert.Equal(
            "a tag of more than 4096 bytes", BirWrapper.Unwrap(Encoding.UTF8.GetBytes(full)).Rejection?.Found);
        byte[] large = new byte[20_000];
        string data = Convert.ToBase64String(large);
        foreach (string text in (string[])[data, $"<![CDATA[{data}]]>"])
        {
            string whole = $"<BIR><BDB>{text}</BDB></BIR>";
            Assert.Equal(large, Read(Encoding.UTF8.GetBytes(whole)).Blocks.Single().ToArray());
        }
    }

    [Fact]
    public void The_tagged_form_of_cards_gives_its_data()
    {
        byte[] data = Object([0x5F, 0x2E], Record);
        byte[] template = Object([0x7F, 0x60], [.. Object([0xA1], [0x81, 1, 8]), .. data]);
        Assert.Equal(Record, Read(template).Blocks.Single().ToArray());
        byte[] group = Object([0x7F, 0x61], [2, 1, 2, .. template, .. template]);
        Assert.Equal(2, Read(group).Blocks.Count);
        byte[] card = Object([0x7F, 0x60], Object([0x7F, 0x2E], Object([0x81], Record)));
        Assert.Equal(Record, Read(card).Blocks.Single().ToArray());
        Assert.NotNull(BirWrapper.Unwrap(template.AsMemory(..^5)).Rejection);
    }

    [Fact]
    public void The_form_of_PIV_cards_and_the_one_of_BioAPI_give_their_record()
    {
        byte[] piv = [.. new byte[88], .. Record, .. new byte[40]];
        piv[0] = 3;
        BinaryPrimitives.WriteInt32BigEndian(piv.AsSpan(2), Record.Length);
        BinaryPrimitives.WriteInt16BigEndian(piv.AsSpan(6), 40);
        Assert.Equal(Record, Read(piv).Blocks.Single().ToArray());
        byte[] bioApi = [.. new byte[16], .. Record];
        BinaryPrimitives.WriteInt32LittleEndian(bioApi, bioApi.Length);
        Assert.Equal(Record, Read(bioApi).Blocks.Single().ToArray());
    }

    [Fact]
    public void Changed_wrappers_are_blocks_or_a_reason()
    {
        byte[] template = Object([0x7F, 0x61], Object([0x7F, 0x60], Object([0x5F, 0x2E], Record)));
        byte[] text = Encoding.UTF8.GetBytes($"<BIR><BDB>{Convert.ToBase64String(Record)}</BDB></BIR>");
        Random random = new(7);
        foreach (byte[] wrapped in (byte[][])[template, text])
        {
            for (int i = 0; i < 4_000; i++)
            {
                byte[] bytes = [.. wrapped];
                bytes[random.Next(Math.Min(40, bytes.Length))] = (byte)random.Next(256);
                Decoded<WrappedBlocks> read = BirWrapper.Unwrap(bytes);
                Assert.True(read.IsAccepted ? read.Value.Blocks.Count > 0 : read.Rejection.Wanted.Length > 0);
            }
        }
    }

    private static WrappedBlocks Read(byte[] bytes)
    {
        Decoded<WrappedBlocks> read = BirWrapper.Unwrap(bytes);
        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        return read.Value;
    }

    private static byte[] Object(byte[] tag, byte[] content) => content.Length < 128
        ? [.. tag, (byte)content.Length, .. content]
        : [.. tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];
}
